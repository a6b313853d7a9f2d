package dev.qwenmcp.server.flow;

import dev.qwenmcp.server.flow.declaration.Flow;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Inputs of flows that people write as text: in prompts and on the command line. */
public final class WrittenInput {
  private static final JsonMapper JSON = JsonMapper.shared();

  private WrittenInput() {}

  /**
   * The value that a text stands for: texts as they are, other types as JSON, lists also line by
   * line.
   *
   * @throws ToolException if it is not of the input's type
   */
  public static JsonNode value(Flow.Input input, String given) throws ToolException {
    if (input.type() == Flow.InputType.STRING) {
      return JsonNodeFactory.instance.stringNode(given);
    }
    try {
      JsonNode value = JSON.readTree(given);
      if (input.type().admits(value)) {
        return value;
      }
    } catch (JacksonException e) {
      // A list may be written line by line.
    }
    if (input.type() == Flow.InputType.ARRAY && !given.strip().startsWith("[")) {
      return JSON.valueToTree(given.lines().filter(line -> !line.isBlank()).toList());
    }
    throw new ToolException(
        "invalid_argument",
        "%s is no %s; write it as JSON"
            .formatted(input.name(), input.type().name().toLowerCase(Locale.ROOT)));
  }
}
