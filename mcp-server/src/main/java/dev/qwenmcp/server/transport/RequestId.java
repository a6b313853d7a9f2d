package dev.qwenmcp.server.transport;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The id of a request: a string or an integer; {@code "1"} and {@code 1} are different ids.
 *
 * @param value a {@link String} or a {@link Long}
 */
public record RequestId(Object value) {
  public RequestId {
    if (!(value instanceof String) && !(value instanceof Long)) {
      throw new IllegalArgumentException("a request id is a String or a Long, not " + value);
    }
  }

  /**
   * Reads an id from a message.
   *
   * @return null if the node is no string and no integer of 64 bits
   */
  public static RequestId of(JsonNode node) {
    if (node == null) {
      return null;
    }
    if (node.isString()) {
      return new RequestId(node.stringValue());
    }
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return new RequestId(node.longValue());
    }
    return null;
  }

  /** The id as it goes into a message. */
  public JsonNode json() {
    JsonNodeFactory factory = JsonNodeFactory.instance;
    return value instanceof Long number
        ? factory.numberNode(number.longValue())
        : factory.stringNode((String) value);
  }

  /** The id as text, without quotes. */
  @Override
  public String toString() {
    return value.toString();
  }
}
