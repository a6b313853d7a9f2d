package dev.qwenmcp.server.process;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Short for reading JSON. */
final class Json {
  private Json() {}

  static JsonNode read(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
