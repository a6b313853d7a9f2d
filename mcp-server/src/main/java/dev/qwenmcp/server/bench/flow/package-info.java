/**
 * Measures the customer-service flow: whether the right answer is found first, and how long a
 * question takes. Start reading at {@link dev.qwenmcp.server.bench.flow.FlowBench}.
 */
package dev.qwenmcp.server.bench.flow;
