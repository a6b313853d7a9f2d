package dev.qwenmcp.server.protocol.modern;

import dev.qwenmcp.server.transport.RpcMessage;
import dev.qwenmcp.server.transport.RpcPeer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request whose metadata has been checked.
 *
 * @param peer who sent it
 */
record ModernRequest(RpcMessage.Request message, RequestMeta meta, RpcPeer peer) {
  ObjectNode params() {
    return message.params();
  }

  String principal() {
    return peer.principal();
  }

  /**
   * A parameter that has to be there.
   *
   * @throws dev.qwenmcp.server.transport.RpcException if it is no string
   */
  String string(String name) {
    String value = string(name, null);
    if (value == null) {
      throw ModernError.invalid("expected a " + name + " that is a string");
    }
    return value;
  }

  /** A parameter that may be missing. */
  String string(String name, String otherwise) {
    JsonNode value = params().get(name);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.isString()) {
      throw ModernError.invalid("expected a " + name + " that is a string");
    }
    return value.stringValue();
  }

  /** A parameter that is an object; an empty one if it is missing. */
  ObjectNode object(String name) {
    JsonNode value = params().get(name);
    if (value == null || value.isNull()) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (!(value instanceof ObjectNode object)) {
      throw ModernError.invalid("expected " + name + " to be an object");
    }
    return object;
  }
}
