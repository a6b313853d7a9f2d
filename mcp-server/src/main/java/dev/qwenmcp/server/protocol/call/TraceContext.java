package dev.qwenmcp.server.protocol.call;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** W3C Trace Context that a client sends with a request, so that its trace goes on here. */
public final class TraceContext {
  private static final String PARENT = "traceparent";
  private static final Pattern PARENT_FORM =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
  private static final int MOST_CHARACTERS = 8192;

  private TraceContext() {}

  /**
   * Reads it from a request's {@code _meta}; one that breaks the standard is left out, as the
   * standard wants.
   *
   * @return {@code traceparent}, and {@code tracestate} and {@code baggage} if they are there;
   *     empty without a parent
   */
  public static Map<String, String> of(JsonNode meta) {
    String parent = meta.path(PARENT).asString("");
    if (!PARENT_FORM.matcher(parent).matches()) {
      return Map.of();
    }
    Map<String, String> trace = new LinkedHashMap<>();
    trace.put(PARENT, parent);
    for (String name : new String[] {"tracestate", "baggage"}) {
      String value = meta.path(name).asString("");
      if (!value.isEmpty() && value.length() <= MOST_CHARACTERS) {
        trace.put(name, value);
      }
    }
    return trace;
  }
}
