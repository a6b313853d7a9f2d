package dev.qwenmcp.server.transport;

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

  /** Answers a request of ours. This server sends none, so it is read and dropped. */
  record Response(RequestId id) implements RpcMessage {}
}
