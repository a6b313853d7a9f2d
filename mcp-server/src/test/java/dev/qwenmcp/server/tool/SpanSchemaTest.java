package dev.qwenmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SpanSchemaTest {
  private static final String TEXT = "Anna paid 120.50 for 2 lamps. Call 408-555-1234.";

  private static ObjectNode narrow(String schema, String text) {
    return SpanSchema.narrow((ObjectNode) JsonMapper.shared().readTree(schema), text);
  }

  private static List<String> values(JsonNode schema) {
    List<String> values = new ArrayList<>();
    schema.get("enum").forEach(value -> values.add(value.asString()));
    return values;
  }

  @Test
  void stringsBecomeRunsOfWordsWithinASentence() {
    List<String> values = values(narrow("{\"type\": \"string\"}", TEXT));
    assertThat(values)
        .contains(
            "Anna", "Anna paid 120.50 for 2 lamps", "2 lamps", "408-555-1234", "Call 408-555-1234")
        .doesNotContain("lamps. Call 408-555-1234", "");
    assertThat(values).allMatch(TEXT::contains);
  }

  @Test
  void numbersAreThoseOfTheText() {
    assertThat(values(narrow("{\"type\": \"number\"}", TEXT))).containsExactly("120.50", "2");
    assertThat(values(narrow("{\"type\": \"integer\"}", TEXT))).containsExactly("2");
    assertThat(values(narrow("{\"type\": \"integer\", \"minimum\": 5, \"maximum\": 6}", TEXT)))
        .containsExactly("5", "6");
  }

  @Test
  void onlyValuesThatTheSchemaAllowsAreOffered() {
    assertThat(values(narrow("{\"type\": \"string\", \"maxLength\": 4}", TEXT)))
        .containsExactlyInAnyOrder("Anna", "paid", "for", "2", "Call");
    assertThat(values(narrow("{\"type\": \"string\", \"pattern\": \"^[0-9-]{5,}$\"}", TEXT)))
        .containsExactly("408-555-1234");
    assertThat(narrow("{\"type\": \"string\", \"minLength\": 500}", TEXT).has("enum")).isFalse();
    assertThat(narrow("{\"type\": \"string\", \"format\": \"date\"}", TEXT).has("enum")).isFalse();
  }

  @Test
  void goesIntoEverySubschemaAndClosesObjects() {
    ObjectNode schema =
        narrow(
            """
            {"type": "object", "properties": {"a": {"type": "array", "items": {"$ref": "#/$defs/x"}},
              "b": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
              "$defs": {"x": {"type": "string"}}}\
            """,
            TEXT);
    assertThat(schema.get("additionalProperties").asBoolean()).isFalse();
    assertThat(schema.at("/properties/a/maxItems").asInt()).isEqualTo(5);
    assertThat(schema.at("/properties/b/anyOf/0").has("enum")).isTrue();
    assertThat(schema.at("/$defs/x").has("enum")).isTrue();
  }

  @Property(tries = 200)
  void everyOfferStandsInTheText(@ForAll String text) {
    JsonNode schema = narrow("{\"type\": \"string\"}", text);
    if (schema.has("enum")) {
      assertThat(values(schema)).allMatch(text::contains).allMatch(v -> !v.isEmpty());
    }
  }
}
