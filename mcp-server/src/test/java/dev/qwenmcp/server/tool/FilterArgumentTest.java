package dev.qwenmcp.server.tool;

import static dev.qwenmcp.server.tool.Workbench.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.knowledge.Filter;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

class FilterArgumentTest {

  private static Filter parse(String json) throws ToolException {
    return FilterArgument.parse(
        JsonMapper.shared().readValue(json, new TypeReference<Map<String, JsonNode>>() {}));
  }

  @Test
  void readsEveryShape() throws Exception {
    assertThat(FilterArgument.parse(null)).isEqualTo(Filter.ALL);
    assertThat(parse("{\"year\": 2025}").conditions())
        .containsExactly(new Filter.OneOf("year", List.of("2025")));
    assertThat(parse("{\"a\": [\"x\", true]}").conditions())
        .containsExactly(new Filter.OneOf("a", List.of("x", "true")));
    assertThat(parse("{\"p\": {\"prefix\": \"docs/\"}}").conditions())
        .containsExactly(new Filter.Prefix("p", "docs/"));
    assertThat(parse("{\"d\": {\"gt\": \"2026-01-01\", \"lte\": \"2026-02-01\"}}").conditions())
        .containsExactly(
            new Filter.Range(
                "d",
                Optional.of(new Filter.Bound("2026-01-01", false)),
                Optional.of(new Filter.Bound("2026-02-01", true))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": null}",
        "{\"a\": []}",
        "{\"a\": {}}",
        "{\"a\": [[1]]}",
        "{\"a\": {\"like\": \"x\"}}",
        "{\"a\": {\"gt\": 1, \"gte\": 2}}",
        "{\"a\": {\"gt\": \"yesterday\"}}",
        "{\"a\": {\"gt\": 1, \"lt\": \"2026-01-01\"}}",
        "{\"$id\": {\"gt\": 1}}"
      })
  void whatCannotBeUsedIsNamed(String json) {
    assertFails("invalid_filter", () -> parse(json), json.contains("$id") ? "$id" : "\"a\"");
  }

  @Property(tries = 200)
  void anyTextIsAValue(@ForAll String name, @ForAll String value) throws Exception {
    assertThat(FilterArgument.parse(Map.of(name, StringNode.valueOf(value))).conditions())
        .containsExactly(new Filter.OneOf(name, List.of(value)));
  }
}
