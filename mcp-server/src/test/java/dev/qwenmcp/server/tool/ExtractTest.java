package dev.qwenmcp.server.tool;

import static dev.qwenmcp.server.tool.Workbench.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.qwenmcp.server.context.Entry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ExtractTest {
  private static final String TEXT =
      "Please send 3 pairs of red shoes to 12 Market Street by Friday.";

  private final Workbench bench = new Workbench();

  private Understand.Result ask(Task task) throws Exception {
    return bench.understand.call(task.arguments(), bench.call);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"type": "object", "properties": {"number": {"type": "integer", "minimum": 1, "maximum": 9},
          "colour": {"enum": ["red", "green", null]}}, "required": ["number", "colour"],
          "additionalProperties": false}\
        """,
        """
        {"properties": {"street": {"type": "string", "maxLength": 30}, "express": {"type": "boolean"}},
          "required": ["street", "express"], "additionalProperties": false}\
        """,
        """
        {"type": "object", "properties": {"items": {"type": "array", "maxItems": 3, "minItems": 1,
          "items": {"$ref": "#/$defs/item"}}}, "required": ["items"], "additionalProperties": false,
          "$defs": {"item": {"type": "object", "properties": {"name": {"type": "string", "maxLength": 12},
          "count": {"type": ["integer", "null"], "minimum": 0, "maximum": 99}},
          "required": ["name", "count"], "additionalProperties": false}}}\
        """,
        """
        {"type": "object", "properties": {"due": {"type": "string", "format": "date"},
          "code": {"type": "string", "pattern": "^[A-Z]{2}[0-9]{4}$"}, "价格": {"type": "number", "minimum": 0,
          "maximum": 1000}}, "required": ["due", "code", "价格"], "additionalProperties": false}\
        """
      })
  void theObjectFollowsItsSchemaWhateverTheModel(String schema) throws Exception {
    for (String model : List.of("nano", "random")) {
      Understand.Result result = ask(Task.extract(TEXT, schema).model(model));
      ObjectNode object = result.data();
      assertThat(
              SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                  .getSchema(JsonMapper.shared().readTree(schema))
                  .validate(object))
          .isEmpty();
      assertThat(result.usage().generatedTokens()).isPositive();
      Entry entry = bench.entries(result.contextId()).getLast();
      assertThat(JsonMapper.shared().readTree(entry.structuredJson()).get("data"))
          .isEqualTo(object);
      assertThat(entry.tokens()).isNotEmpty();
    }
  }

  @Test
  void saysThatTheEmbeddedModelOnlyGuesses() throws Exception {
    Task task =
        Task.extract(
            TEXT,
            "{\"properties\": {\"a\": {\"const\": 1}}, \"required\": [\"a\"], \"additionalProperties\": false}");
    Understand.Result result = ask(task);
    assertThat(result.data().toString()).isEqualTo("{\"a\":1}");
    assertThat(result.notes()).singleElement().asString().contains("guess");
  }

  @Test
  void theEmbeddedModelWritesOnlyWhatStandsInTheText() throws Exception {
    String schema =
        """
        {"type": "object", "properties": {"what": {"type": "string"}, "to": {"type": "string"},
          "pairs": {"type": "integer"}}, "required": ["what", "to", "pairs"]}\
        """;
    ObjectNode object = ask(Task.extract(TEXT, schema)).data();
    assertThat(TEXT).contains(object.get("what").asString(), object.get("to").asString());
    assertThat(object.get("pairs").asInt()).isIn(3, 12);
  }

  @Test
  void aSchemaWhosePartsAddMembersIsKeptAsAWhole() throws Exception {
    Task task =
        Task.extract(
            TEXT,
            """
            {"allOf": [
              {"properties": {"a": {"type": "boolean"}}, "required": ["a"]},
              {"properties": {"b": {"type": "boolean"}}, "required": ["b"], "maxProperties": 2}]}\
            """);
    assertThat(ask(task).data().propertyNames()).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void aSchemaThatCannotBeKeptIsNamed() {
    assertFails(
        "unsupported_schema",
        () ->
            ask(
                Task.extract(
                    TEXT,
                    "{\"properties\": {\"a\": {\"type\": \"array\", \"uniqueItems\": true}}}")),
        "uniqueItems",
        "a");
    assertFails("unsupported_schema", () -> ask(Task.extract(TEXT, "{\"properties\": 5}")));
    assertFails(
        "unsupported_schema", () -> ask(Task.extract(TEXT, "{\"$ref\": \"http://localhost/x\"}")));
    assertFails("invalid_schema", () -> ask(Task.extract(TEXT, "{\"type\": \"array\"}")), "object");
    Task none = Task.extract(TEXT, "{}");
    none.schema = null;
    assertFails("invalid_schema", () -> ask(none), "schema");
  }

  @Test
  void anObjectThatDoesNotFitTheTokensIsNoResult() throws Exception {
    String context =
        bench.open.call(new OpenContext.Arguments(null, null, null), bench.call).contextId();
    Task task =
        Task.extract(
            TEXT,
            "{\"properties\": {\"a\": {\"type\": \"string\", \"minLength\": 200}}, \"required\": [\"a\"]}");
    task.maxTokens = 10;
    assertFails("incomplete_answer", () -> ask(task.in(context)), "max_tokens", "maxLength");
    assertThat(bench.entries(context)).isEmpty();
  }
}
