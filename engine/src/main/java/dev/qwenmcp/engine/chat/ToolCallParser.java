package dev.qwenmcp.engine.chat;

import java.util.Map;
import java.util.Optional;

/** Reads what a model writes between {@code <tool_call>} and {@code </tool_call>}. */
public final class ToolCallParser {

  private ToolCallParser() {}

  /**
   * The call, if the text is a JSON object with a {@code name} and, unless the tool takes none, an
   * object of {@code arguments} (or the text of one, as some fine-tunes write it).
   *
   * @return the call with its arguments in the chat template's spelling; empty for anything else
   */
  public static Optional<ToolCall> parse(String text) {
    try {
      if (!(JsonText.parse("tool call", text) instanceof Map<?, ?> call)
          || !(call.get("name") instanceof String name)
          || name.isEmpty()) {
        return Optional.empty();
      }
      Object arguments = call.containsKey("arguments") ? call.get("arguments") : Map.of();
      if (arguments instanceof String encoded) {
        arguments = JsonText.parse("arguments", encoded);
      }
      if (!(arguments instanceof Map<?, ?>)) {
        return Optional.empty();
      }
      StringBuilder json = new StringBuilder();
      JsonText.write(arguments, json);
      return Optional.of(new ToolCall(name, json.toString()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
