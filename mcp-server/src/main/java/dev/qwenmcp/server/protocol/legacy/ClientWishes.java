package dev.qwenmcp.server.protocol.legacy;

import dev.qwenmcp.server.protocol.LogLevel;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a client has said of itself in its session. */
final class ClientWishes {
  private volatile JsonNode capabilities = JsonNodeFactory.instance.objectNode();
  private volatile LogLevel level = LogLevel.INFO;

  JsonNode capabilities() {
    return capabilities;
  }

  void declare(JsonNode declared) {
    capabilities = declared;
  }

  /** The least level that it wants to hear of. */
  LogLevel level() {
    return level;
  }

  void listen(LogLevel least) {
    level = least;
  }
}
