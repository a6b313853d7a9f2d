package dev.qwenmcp.server.protocol.call;

import tools.jackson.databind.node.ObjectNode;

/**
 * A call as a protocol era hands it over.
 *
 * @param requestId the JSON-RPC request's id as text
 * @param principal who calls
 * @param arguments the tool's arguments; belongs to the call
 * @param progress where progress goes, null if the client wants none
 */
public record CallRequest(
    String requestId, String principal, ObjectNode arguments, ProgressSink progress) {}
