package dev.qwenmcp.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class ToolReferenceTest {

  /** After a change of a tool: {@code ./qwen-mcp tools --markdown > docs/reference/tools.md}. */
  @Test
  void thePageSaysWhatTheSchemasSay() throws Exception {
    assertThat(Path.of("..", "docs", "reference", "tools.md"))
        .as("run ./qwen-mcp tools --markdown > docs/reference/tools.md")
        .hasContent(ToolReference.markdown(ToolsCommand.published()));
  }

  @Test
  void showsTypesBoundsAndDefaultsOfNestedArguments() {
    JsonNode tool =
        JsonMapper.shared()
            .readTree(
                """
                {"name": "t", "description": "Does it.", "annotations": {"readOnlyHint": true},
                 "inputSchema": {"required": ["a"], "properties": {
                   "a": {"type": "integer", "minimum": 1, "default": 2, "description": "How | many."},
                   "b": {"type": "array", "items": {"$ref": "#/$defs/B"}}},
                   "$defs": {"B": {"type": "object", "properties": {
                     "c": {"enum": ["x", "y"]}, "again": {"$ref": "#/$defs/B"}}}}},
                 "outputSchema": {"properties": {}}}
                """);

    assertThat(ToolReference.markdown(List.of(tool)))
        .contains("## t\n\nDoes it.\n\nHints: readOnly.")
        .contains("| `a` (required) | integer | How \\| many. Default `2`. (minimum `1`) |")
        .contains("| `b` | array of object |", "| `b[].c` | `x`, `y` |")
        .doesNotContain("again.again");
  }
}
