/**
 * Flows as clients use them: tools, prompts, and the flows that come with the program.
 *
 * <p>{@code declaration} says what a flow is, {@code run} runs it, {@code sql} keeps what is known
 * of runs. Start reading at {@link dev.qwenmcp.server.flow.FlowTools}.
 */
package dev.qwenmcp.server.flow;
