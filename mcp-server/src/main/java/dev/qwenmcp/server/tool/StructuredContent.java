package dev.qwenmcp.server.tool;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** The structured part of context entries: JSON, names in snake case. */
final class StructuredContent {
  private static final JsonMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private StructuredContent() {}

  static String write(Object value) {
    return JSON.writeValueAsString(value);
  }

  /**
   * @throws JacksonException if it is not what {@link #write} wrote
   */
  static <T> T read(String json, Class<T> type) {
    return JSON.readValue(json, type);
  }
}
