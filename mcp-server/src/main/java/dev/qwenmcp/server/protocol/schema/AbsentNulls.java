package dev.qwenmcp.server.protocol.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes optional properties whose value is null for absent ones.
 *
 * <p>Models often write {@code "context_id": null} for what they do not want to give.
 */
public final class AbsentNulls {
  private AbsentNulls() {}

  /** Removes them from a value in place, guided by its schema; free JSON is left as it is. */
  public static void remove(JsonNode value, JsonNode schema) {
    if (value instanceof ObjectNode object && schema.has("properties")) {
      Set<String> required = new HashSet<>();
      schema.path("required").forEach(name -> required.add(name.stringValue()));
      List<String> absent = new ArrayList<>();
      for (Map.Entry<String, JsonNode> property : schema.get("properties").properties()) {
        JsonNode given = object.get(property.getKey());
        if (given == null) {
          continue;
        }
        if (given.isNull() && !required.contains(property.getKey())) {
          absent.add(property.getKey());
        } else {
          remove(given, property.getValue());
        }
      }
      object.remove(absent);
    } else if (value.isArray() && schema.has("items")) {
      value.forEach(item -> remove(item, schema.get("items")));
    }
  }
}
