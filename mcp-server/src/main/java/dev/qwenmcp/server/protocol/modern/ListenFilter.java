package dev.qwenmcp.server.protocol.modern;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a client wants to hear of.
 *
 * @param resourceList whether resources come and go
 * @param resources that may read differently, by URI
 * @param tasks whose state changes, by handle
 */
record ListenFilter(boolean resourceList, List<String> resources, List<String> tasks) {
  private static final int MOST = 1000;

  ListenFilter {
    resources = List.copyOf(resources);
    tasks = List.copyOf(tasks);
  }

  /**
   * @throws dev.qwenmcp.server.transport.RpcException if it is malformed
   */
  static ListenFilter of(ModernRequest request) {
    if (!(request.params().get("notifications") instanceof ObjectNode wanted)) {
      throw ModernError.invalid("expected notifications that are an object");
    }
    for (String flag : List.of("toolsListChanged", "promptsListChanged", "resourcesListChanged")) {
      if (wanted.has(flag) && !wanted.get(flag).isBoolean()) {
        throw ModernError.invalid("expected " + flag + " to be true or false");
      }
    }
    return new ListenFilter(
        wanted.path("resourcesListChanged").asBoolean(false),
        strings(wanted, "resourceSubscriptions"),
        strings(wanted, "taskIds"));
  }

  private static List<String> strings(ObjectNode wanted, String name) {
    JsonNode given = wanted.get(name);
    if (given == null) {
      return List.of();
    }
    if (!given.isArray() || given.size() > MOST) {
      throw ModernError.invalid("expected %s with up to %d strings".formatted(name, MOST));
    }
    List<String> strings = new ArrayList<>();
    for (JsonNode each : given) {
      if (!each.isString()) {
        throw ModernError.invalid("expected " + name + " to hold strings");
      }
      strings.add(each.stringValue());
    }
    return strings;
  }

  /** The filter as an acknowledgement names it: what is not honoured is left out. */
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (resourceList) {
      json.put("resourcesListChanged", true);
    }
    put(json, "resourceSubscriptions", resources);
    put(json, "taskIds", tasks);
    return json;
  }

  private static void put(ObjectNode json, String name, List<String> values) {
    if (!values.isEmpty()) {
      ArrayNode array = json.putArray(name);
      values.forEach(array::add);
    }
  }
}
