package dev.qwenmcp.server.protocol.call;

import dev.qwenmcp.server.protocol.CallClient;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call as a protocol era hands it over.
 *
 * @param requestId the JSON-RPC request's id as text
 * @param principal who calls
 * @param arguments the tool's arguments; belongs to the call
 * @param progress where progress goes, null if the client wants none
 * @param trace {@code traceparent} and its companions of W3C Trace Context, as the client sent
 *     them; empty if it sent none
 * @param client who can be asked while the call runs
 */
public record CallRequest(
    String requestId,
    String principal,
    ObjectNode arguments,
    ProgressSink progress,
    Map<String, String> trace,
    CallClient client) {
  public CallRequest {
    trace = Map.copyOf(trace);
  }

  /** A call of a client that cannot be asked. */
  public CallRequest(
      String requestId,
      String principal,
      ObjectNode arguments,
      ProgressSink progress,
      Map<String, String> trace) {
    this(requestId, principal, arguments, progress, trace, CallClient.NONE);
  }

  /** A call of a client that traces nothing and cannot be asked. */
  public CallRequest(
      String requestId, String principal, ObjectNode arguments, ProgressSink progress) {
    this(requestId, principal, arguments, progress, Map.of(), CallClient.NONE);
  }
}
