package dev.qwenmcp.server.protocol.call;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes JSON shorter without changing its form: long texts are cut, the longest most, and if that
 * is not enough, the ends of lists are left out.
 */
final class JsonShortening {
  private static final int SHORTEST_TEXT = 200;
  private static final String CUT = "…";

  private final int textLimit;
  private final int listLimit;

  private JsonShortening(int textLimit, int listLimit) {
    this.textLimit = textLimit;
    this.listLimit = listLimit;
  }

  /**
   * The same with at most so many characters of JSON.
   *
   * @return empty if cutting texts and lists is not enough
   */
  static Optional<ObjectNode> of(ObjectNode json, int limit) {
    for (int texts = limit; texts >= SHORTEST_TEXT; texts /= 2) {
      ObjectNode shorter = new JsonShortening(texts, Integer.MAX_VALUE).object(json);
      if (shorter.toString().length() <= limit) {
        return Optional.of(shorter);
      }
    }
    for (int items = limit; items >= 1; items /= 2) {
      ObjectNode shorter = new JsonShortening(SHORTEST_TEXT, items).object(json);
      if (shorter.toString().length() <= limit) {
        return Optional.of(shorter);
      }
    }
    return Optional.empty();
  }

  private ObjectNode object(ObjectNode json) {
    ObjectNode shorter = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> each : json.properties()) {
      shorter.set(each.getKey(), node(each.getValue()));
    }
    return shorter;
  }

  private JsonNode node(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object(object);
    }
    if (node instanceof ArrayNode array) {
      ArrayNode shorter = JsonNodeFactory.instance.arrayNode();
      array.values().stream().limit(listLimit).forEach(item -> shorter.add(node(item)));
      return shorter;
    }
    if (node.isString() && node.stringValue().length() > textLimit) {
      String text = node.stringValue();
      int end = Character.isHighSurrogate(text.charAt(textLimit - 1)) ? textLimit - 1 : textLimit;
      return JsonNodeFactory.instance.stringNode(text.substring(0, end) + CUT);
    }
    return node;
  }
}
