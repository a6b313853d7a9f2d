package dev.qwenmcp.engine.chat;

import dev.qwenmcp.engine.json.JsonException;
import dev.qwenmcp.engine.json.JsonReader;
import dev.qwenmcp.engine.json.JsonValue;
import java.util.Map;
import java.util.Optional;

/** Reads what a model writes between {@code <tool_call>} and {@code </tool_call>}. */
public final class ToolCallParser {
  private static final JsonValue NO_ARGUMENTS = new JsonValue.Obj(Map.of());

  private ToolCallParser() {}

  /**
   * The call, if the text is a JSON object with a {@code name} and, unless the tool takes none, an
   * object of {@code arguments} (or a string with the JSON of one, as some fine-tunes write it).
   *
   * @return the call with its arguments in the chat template's spelling; empty for anything else
   */
  public static Optional<ToolCall> parse(String text) {
    try {
      if (!(JsonReader.read(text) instanceof JsonValue.Obj call)
          || !(call.get("name") instanceof JsonValue.Text(String name))
          || name.isEmpty()) {
        return Optional.empty();
      }
      JsonValue arguments = call.members().getOrDefault("arguments", NO_ARGUMENTS);
      if (arguments instanceof JsonValue.Text(String encoded)) {
        arguments = JsonReader.read(encoded);
      }
      return arguments instanceof JsonValue.Obj
          ? Optional.of(new ToolCall(name, TemplateJson.write(arguments)))
          : Optional.empty();
    } catch (JsonException e) {
      return Optional.empty(); // text of the model's that is no JSON is no call
    }
  }
}
