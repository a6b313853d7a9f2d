package dev.qwenmcp.server.transport;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A well-formed JSON-RPC message from the client. */
public sealed interface RpcMessage {

  /**
   * Wants an answer.
   *
   * @param params an empty object where the message has none
   */
  record Request(RequestId id, String method, ObjectNode params) implements RpcMessage {}

  /**
   * Wants no answer.
   *
   * @param params an empty object where the message has none
   */
  record Notification(String method, ObjectNode params) implements RpcMessage {}

  /**
   * Answers a request of ours.
   *
   * @param result null where there is an error
   * @param error null where there is a result
   */
  record Response(RequestId id, JsonNode result, RpcError error) implements RpcMessage {}
}
