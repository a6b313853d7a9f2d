package dev.qwenmcp.server.transport.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Headers of W3C Trace Context. */
final class TraceHeaders {
  private static final List<String> NAMES = List.of("traceparent", "tracestate", "baggage");

  private TraceHeaders() {}

  /** Those of a request. */
  static Map<String, String> of(HttpServletRequest request) {
    Map<String, String> trace = new LinkedHashMap<>();
    for (String name : NAMES) {
      String value = request.getHeader(name);
      if (value != null) {
        trace.put(name, value);
      }
    }
    return trace;
  }
}
