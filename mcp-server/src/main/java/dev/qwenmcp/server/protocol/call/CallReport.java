package dev.qwenmcp.server.protocol.call;

import dev.qwenmcp.engine.Usage;

/**
 * How a call went.
 *
 * @param outcome what the tool made of it
 * @param cancelled whether the client had given up before, and so does not get the outcome
 * @param usage what models were given and wrote for it, steps of flows included
 */
public record CallReport(ToolOutcome outcome, boolean cancelled, Usage usage) {}
