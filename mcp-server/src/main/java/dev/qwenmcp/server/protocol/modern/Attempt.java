package dev.qwenmcp.server.protocol.modern;

import dev.qwenmcp.server.protocol.ClientRequest;
import dev.qwenmcp.server.protocol.InputRequiredException;
import java.util.SequencedMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One attempt at a request that may need answers of the client, and be sent again with them.
 *
 * @param client what this attempt knows of the client's answers
 */
record Attempt(RequestState state, RequestState.Purpose purpose, ReplayedAnswers client) {

  /**
   * @throws dev.qwenmcp.server.transport.RpcException if the request brings a state that is not its
   *     own
   */
  static Attempt of(ModernRequest request, RequestState state, String name, ObjectNode arguments) {
    RequestState.Purpose purpose =
        new RequestState.Purpose(
            request.principal(), request.message().method(), name, arguments.deepCopy());
    String brought = request.string("requestState", null);
    ObjectNode sealed =
        brought == null ? JsonNodeFactory.instance.objectNode() : state.open(purpose, brought);
    return new Attempt(state, purpose, new ReplayedAnswers(request, sealed));
  }

  /** The result that asks for what is missing, and keeps what has been said. */
  ObjectNode incomplete(InputRequiredException missing) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("resultType", "input_required");
    result.set("inputRequests", requests(missing.requests()));
    result.put("requestState", state.seal(purpose, client.used()));
    return result;
  }

  static ObjectNode requests(SequencedMap<String, ClientRequest> asked) {
    ObjectNode requests = JsonNodeFactory.instance.objectNode();
    asked.forEach((key, request) ->
        requests.putObject(key).put("method", request.method()).set("params", request.params()));
    return requests;
  }
}
