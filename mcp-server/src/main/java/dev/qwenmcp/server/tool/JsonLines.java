package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.label.LabelExample;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads examples from JSON lines. */
final class JsonLines {
  static final int MOST_TEXT = 2000;

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int MOST_LINES = 50_000;

  private JsonLines() {}

  /**
   * Examples, one a line; blank lines are skipped.
   *
   * @throws ToolException naming the first line that is none
   */
  static List<LabelExample> examples(String lines) throws ToolException {
    List<LabelExample> examples = new ArrayList<>();
    int number = 0;
    for (String line : lines.split("\r?\n", -1)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      JsonNode node = parse(line, number);
      String text = string(node, "text", number);
      String label = string(node, "label", number);
      if (text.length() > MOST_TEXT) {
        throw invalid(
            number,
            "has a text of %d characters, %d are taken".formatted(text.length(), MOST_TEXT));
      }
      if (examples.size() == MOST_LINES) {
        throw invalid(number, "is one more than the %,d of one call".formatted(MOST_LINES));
      }
      examples.add(new LabelExample(text, label));
    }
    return examples;
  }

  private static JsonNode parse(String line, int number) throws ToolException {
    try {
      JsonNode node = JSON.readTree(line);
      if (node.isObject()) {
        return node;
      }
    } catch (JacksonException e) {
      // Said below: the parser's own words would quote the line.
    }
    throw invalid(number, "is no JSON object");
  }

  private static String string(JsonNode node, String name, int number) throws ToolException {
    JsonNode value = node.path(name);
    if (!value.isString() || value.asString().isBlank()) {
      throw invalid(number, "has no \"%s\" with words in it".formatted(name));
    }
    return value.asString();
  }

  private static ToolException invalid(int line, String what) {
    return new ToolException(
        "invalid_examples",
        "line %d of json_lines %s; expected {\"text\": \"…\", \"label\": \"…\"} on each line. Nothing was added"
            .formatted(line, what));
  }
}
