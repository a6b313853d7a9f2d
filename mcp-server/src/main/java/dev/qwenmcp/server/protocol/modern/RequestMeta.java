package dev.qwenmcp.server.protocol.modern;

import dev.qwenmcp.server.protocol.LogLevel;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a request says of itself in {@code _meta}.
 *
 * @param capabilities what the client can do, as far as this request is concerned
 * @param logLevel least grave remarks that the client wants to hear; empty for none
 * @param progressToken names the request in notices of its progress; null if the client wants none
 */
record RequestMeta(ObjectNode capabilities, Optional<LogLevel> logLevel, JsonNode progressToken) {

  /**
   * Reads it.
   *
   * @throws dev.qwenmcp.server.transport.RpcException if something that is required is missing, if
   *     anything is malformed, or if the revision is another
   */
  static RequestMeta of(ObjectNode params) {
    JsonNode given = params.get("_meta");
    if (!(given instanceof ObjectNode meta)) {
      throw ModernError.invalid(
          "expected params with a _meta that is an object and has %s and %s"
              .formatted(ModernProtocol.VERSION_KEY, ModernProtocol.CAPABILITIES_KEY));
    }
    JsonNode version = meta.get(ModernProtocol.VERSION_KEY);
    if (version == null || !version.isString()) {
      throw ModernError.invalid(
          "expected a _meta with %s that is a string, such as %s"
              .formatted(ModernProtocol.VERSION_KEY, ModernProtocol.VERSION));
    }
    if (!ModernProtocol.VERSIONS.contains(version.stringValue())) {
      throw ModernError.unsupportedVersion(version.stringValue());
    }
    if (!(meta.get(ModernProtocol.CAPABILITIES_KEY) instanceof ObjectNode capabilities)) {
      throw ModernError.invalid(
          "expected a _meta with %s that is an object, {} for none"
              .formatted(ModernProtocol.CAPABILITIES_KEY));
    }
    JsonNode client = meta.get(ModernProtocol.CLIENT_KEY);
    if (client != null && !client.isObject()) {
      throw ModernError.invalid(
          "expected a %s that is an object".formatted(ModernProtocol.CLIENT_KEY));
    }
    return new RequestMeta(capabilities, logLevel(meta), meta.get("progressToken"));
  }

  private static Optional<LogLevel> logLevel(ObjectNode meta) {
    JsonNode level = meta.get(ModernProtocol.LOG_LEVEL_KEY);
    if (level == null) {
      return Optional.empty();
    }
    Optional<LogLevel> known = LogLevel.of(level.asString(""));
    if (known.isEmpty()) {
      throw ModernError.invalid(
          "expected a %s from debug to emergency".formatted(ModernProtocol.LOG_LEVEL_KEY));
    }
    return known;
  }

  /** Whether the client has declared a capability. */
  boolean declares(String capability) {
    return capabilities.path(capability).isObject();
  }

  /** Whether the client has declared an extension. */
  boolean declaresExtension(String extension) {
    return capabilities.path("extensions").path(extension).isObject();
  }
}
