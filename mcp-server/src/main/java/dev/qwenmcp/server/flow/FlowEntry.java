package dev.qwenmcp.server.flow;

import dev.qwenmcp.server.flow.declaration.Flow;
import tools.jackson.databind.JsonNode;

/**
 * A flow that can be run by name.
 *
 * @param flow checked
 * @param declaration what it was read from
 * @param source {@code shipped}, or the file it came from
 */
public record FlowEntry(Flow flow, JsonNode declaration, String source) {}
