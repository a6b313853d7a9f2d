package dev.qwenmcp.server.protocol.call;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The fields of W3C Trace Context, which MCP puts into a request's {@code _meta}. */
public final class TraceFields {
  private static final List<String> NAMES = List.of("traceparent", "tracestate", "baggage");

  private TraceFields() {}

  /**
   * Those of a request.
   *
   * @param meta the request's {@code _meta}, null or of any other kind where it has none
   * @param transport those that came beside the request; taken where {@code _meta} has none
   */
  public static Map<String, String> of(JsonNode meta, Map<String, String> transport) {
    if (meta == null || !meta.path(NAMES.getFirst()).isString()) {
      return transport;
    }
    Map<String, String> fields = new LinkedHashMap<>();
    for (String name : NAMES) {
      if (meta.path(name).isString()) {
        fields.put(name, meta.path(name).stringValue());
      }
    }
    return fields;
  }
}
