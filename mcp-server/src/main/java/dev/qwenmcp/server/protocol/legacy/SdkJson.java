package dev.qwenmcp.server.protocol.legacy;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON for the SDK; parameters that do not fit become the protocol's error for that. */
final class SdkJson implements McpJsonMapper {
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

  private final McpJsonMapper delegate = new JacksonMcpJsonMapper(MAPPER);

  /** JSON as maps and lists, which the SDK works with. */
  static Map<String, Object> plain(JsonNode object) {
    return MAPPER.convertValue(object, OBJECT);
  }

  static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  @Override
  public <T> T convertValue(Object value, Class<T> type) {
    try {
      return delegate.convertValue(value, type);
    } catch (JacksonException | IllegalArgumentException e) {
      throw invalidParams(e);
    }
  }

  @Override
  public <T> T convertValue(Object value, TypeRef<T> type) {
    try {
      return delegate.convertValue(value, type);
    } catch (JacksonException | IllegalArgumentException e) {
      throw invalidParams(e);
    }
  }

  private static McpError invalidParams(RuntimeException e) {
    String where =
        e instanceof JacksonException json && !json.getPath().isEmpty()
            ? " at " + json.getPath().getFirst().getPropertyName()
            : "";
    return McpError.builder(McpSchema.ErrorCodes.INVALID_PARAMS)
        .message("the params do not fit the method" + where)
        .build();
  }

  @Override
  public <T> T readValue(String content, Class<T> type) throws IOException {
    return delegate.readValue(content, type);
  }

  @Override
  public <T> T readValue(byte[] content, Class<T> type) throws IOException {
    return delegate.readValue(content, type);
  }

  @Override
  public <T> T readValue(String content, TypeRef<T> type) throws IOException {
    return delegate.readValue(content, type);
  }

  @Override
  public <T> T readValue(byte[] content, TypeRef<T> type) throws IOException {
    return delegate.readValue(content, type);
  }

  @Override
  public String writeValueAsString(Object value) throws IOException {
    return delegate.writeValueAsString(value);
  }

  @Override
  public byte[] writeValueAsBytes(Object value) throws IOException {
    return delegate.writeValueAsBytes(value);
  }
}
