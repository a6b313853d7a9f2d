package dev.qwenmcp.server.protocol.modern;

import dev.qwenmcp.server.protocol.ServerCard;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Who the server is and what it has. */
final class Discovery {
  private final ServerCard card;
  private final boolean tasks;

  /**
   * @param tasks whether calls may become tasks
   */
  Discovery(ServerCard card, boolean tasks) {
    this.card = card;
    this.tasks = tasks;
  }

  ObjectNode result() {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    ArrayNode versions = result.putArray("supportedVersions");
    ModernProtocol.VERSIONS.forEach(versions::add);
    ObjectNode capabilities = result.putObject("capabilities");
    capabilities.putObject("tools");
    capabilities.putObject("resources").put("subscribe", true).put("listChanged", true);
    capabilities.putObject("prompts");
    capabilities.putObject("completions");
    capabilities.putObject("logging");
    if (tasks) {
      capabilities.putObject("extensions").putObject(ModernProtocol.TASKS);
    }
    result.put("instructions", card.instructions());
    return CacheHint.FIXED.on(result);
  }

  /** A result with its type, complete unless it says other, and with who gave it. */
  JsonNode signed(ObjectNode result) {
    if (!result.has("resultType")) {
      result.put("resultType", "complete");
    }
    JsonNode given = result.get("_meta");
    ObjectNode meta = given instanceof ObjectNode known ? known : result.putObject("_meta");
    meta.putObject(ModernProtocol.SERVER_KEY)
        .put("name", card.name())
        .put("title", card.title())
        .put("version", card.version());
    return result;
  }
}
