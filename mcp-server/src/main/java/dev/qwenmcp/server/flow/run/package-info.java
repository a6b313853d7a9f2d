/**
 * Flows while they run: values, calls, and what is known of a run so that it can go on.
 *
 * <p>{@link dev.qwenmcp.server.flow.run.FlowRunner} runs a flow step by step and writes every
 * result down in a {@link dev.qwenmcp.server.flow.run.RunStore} before the next step begins. Knows
 * tools by name and JSON only.
 */
package dev.qwenmcp.server.flow.run;
