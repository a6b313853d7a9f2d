package dev.qwenmcp.server.protocol.message;

import dev.qwenmcp.server.protocol.call.ProgressSink;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Notices of a call's progress. */
public final class ProgressJson {
  /** The notification's method. */
  public static final String METHOD = "notifications/progress";

  private ProgressJson() {}

  /**
   * Where a call's progress goes.
   *
   * @param token a string or an integer; anything else asks for nothing
   * @param send takes the parameters of each notification
   * @return null if the client wants no progress
   */
  public static ProgressSink sink(JsonNode token, Consumer<ObjectNode> send) {
    if (token == null || !(token.isString() || token.isIntegralNumber())) {
      return null;
    }
    return (progress, total, message) -> {
      ObjectNode params = JsonNodeFactory.instance.objectNode();
      params.set("progressToken", token);
      params.put("progress", progress);
      if (total != null) {
        params.put("total", total);
      }
      if (message != null) {
        params.put("message", message);
      }
      send.accept(params);
    };
  }
}
