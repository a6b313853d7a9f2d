package dev.qwenmcp.server.protocol.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import dev.qwenmcp.server.protocol.Doc;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class RecordSchemaTest {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  enum Mode {
    FAST,
    VERY_SLOW
  }

  record Inner(
      @Doc(value = "Weight.", min = 0.5, max = 2) double weight,
      @Doc(value = "Note.", optional = true) String note) {}

  record Everything(
      @Doc(value = "Text.", minSize = 1, maxSize = 5) String someText,
      @Doc(
              value = "Choice.",
              oneOf = {"a", "b"})
          String choice,
      @Doc(value = "Count.", optional = true, min = 1, max = 100) Integer count,
      @Doc("Big.") long big,
      @Doc("Flag.") boolean flag,
      @Doc(value = "Mode.", optional = true) Mode mode,
      @Doc(
              value = "Labels.",
              minSize = 1,
              maxSize = 3,
              oneOf = {"x", "y"})
          List<String> labels,
      @Doc("Nested.") List<Inner> inner,
      @Doc(value = "Free object.", optional = true) ObjectNode object,
      @Doc(value = "Free JSON.", optional = true) JsonNode any,
      @Doc(value = "Free map.", optional = true) Map<String, Object> map,
      @Doc(value = "Map of numbers.", optional = true) Map<String, Double> numbers,
      @Doc(value = "When.", optional = true) Instant when) {}

  private static final String EXPECTED =
      """
      {"type":"object","properties":{
       "some_text":{"type":"string","minLength":1,"maxLength":5,"description":"Text."},
       "choice":{"type":"string","enum":["a","b"],"description":"Choice."},
       "count":{"type":"integer","minimum":1,"maximum":100,"description":"Count."},
       "big":{"type":"integer","description":"Big."},
       "flag":{"type":"boolean","description":"Flag."},
       "mode":{"type":"string","enum":["fast","very_slow"],"description":"Mode."},
       "labels":{"type":"array","items":{"type":"string","enum":["x","y"]},"minItems":1,"maxItems":3,
         "description":"Labels."},
       "inner":{"type":"array","items":{"type":"object","properties":{
         "weight":{"type":"number","minimum":0.5,"maximum":2,"description":"Weight."},
         "note":{"type":"string","description":"Note."}},
         "required":["weight"],"additionalProperties":false},"description":"Nested."},
       "object":{"type":"object","description":"Free object."},
       "any":{"description":"Free JSON."},
       "map":{"type":"object","description":"Free map."},
       "numbers":{"type":"object","additionalProperties":{"type":"number"},
         "description":"Map of numbers."},
       "when":{"type":"string","format":"date-time","description":"When."}},
       "required":["some_text","choice","big","flag","labels","inner"],
       "additionalProperties":false}
      """;

  private static final String VALID =
      """
      {"some_text":"hé","choice":"b","count":3,"big":9007199254740993,"flag":true,
       "mode":"very_slow","labels":["x"],"inner":[{"weight":1,"note":"n"},{"weight":0.5}],
       "object":{"a":null},"any":[1,null],"map":{"k":{"l":null}},"numbers":{"n":1},
       "when":"2026-01-01T00:00:00Z"}
      """;

  private final ObjectNode schema = RecordSchema.ofArguments(Everything.class);
  private final RecordJson json = new RecordJson();

  private static ObjectNode object(String text) {
    return (ObjectNode) MAPPER.readTree(text);
  }

  @Test
  void describesEveryTypeInTheOrderOfTheComponents() {
    assertThat(schema.toString()).isEqualTo(MAPPER.readTree(EXPECTED).toString());
  }

  @Test
  void isAValidSchemaOfDraft202012() {
    JsonNode result = RecordSchema.ofResult(Everything.class);
    var metaSchema =
        SchemaRegistry.withDialect(Dialects.getDraft202012())
            .getSchema(SchemaLocation.of(Dialects.getDraft202012().getId()));

    assertThat(metaSchema.validate(schema)).isEmpty();
    assertThat(metaSchema.validate(result)).isEmpty();
    assertThat(metaSchema.validate(MAPPER.readTree("{\"type\":5}"))).isNotEmpty();
  }

  @Test
  void readsAndWritesWhatItDescribes() throws Exception {
    ObjectNode given = object(VALID);
    new SchemaChecker(schema).check(given);

    Everything read = json.read(given, Everything.class);

    assertThat(read.mode()).isEqualTo(Mode.VERY_SLOW);
    assertThat(read.big()).isEqualTo(9007199254740993L);
    assertThat(read.inner()).containsExactly(new Inner(1, "n"), new Inner(0.5, null));
    assertThat(read.when()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    ObjectNode written = json.write(read);
    new SchemaChecker(schema).check(written);
    assertThat(json.read(written, Everything.class)).isEqualTo(read);
  }

  @Test
  void givesNullForWhatIsAbsentAndLeavesNullOut() throws Exception {
    ObjectNode given = object(VALID);
    given.remove(List.of("count", "mode", "object", "any", "map", "numbers", "when"));

    Everything read = json.read(given, Everything.class);

    assertThat(read.count()).isNull();
    assertThat(read.any()).isNull();
    assertThat(read.map()).isNull();
    assertThat(json.write(read).propertyNames())
        .containsExactly("some_text", "choice", "big", "flag", "labels", "inner");
  }

  @Test
  void removesNullsOfOptionalPropertiesOnly() {
    ObjectNode given = object(VALID);
    given.putNull("count");
    given.putNull("choice");
    ((ObjectNode) given.at("/inner/0")).putNull("note");

    AbsentNulls.remove(given, schema);

    assertThat(given.has("count")).isFalse();
    assertThat(given.at("/inner/0").has("note")).isFalse();
    assertThat(given.get("choice").isNull()).isTrue();
    assertThat(given.get("map").toString()).isEqualTo("{\"k\":{\"l\":null}}");
    assertThat(given.get("any").toString()).isEqualTo("[1,null]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "some_text|\"\"|some_text: expected at least 1 characters, found 0",
        "some_text|\"🙂🙂🙂🙂🙂🙂\"|some_text: expected at most 5 characters, found 6",
        "choice|\"c\"|choice: expected one of [\"a\",\"b\"], found \"c\"",
        "count|0|count: expected at least 1, found 0",
        "count|2.5|count: expected an integer, found 2.5",
        "flag|\"yes\"|flag: expected true or false, found \"yes\"",
        "labels|[]|labels: expected at least 1 items, found 0",
        "labels|[\"x\",\"z\"]|labels[1]: expected one of [\"x\",\"y\"], found \"z\"",
        "inner|[{\"weight\":1},{}]|inner[1].weight: expected a value, found nothing",
        "inner|[{\"weight\":3}]|inner[0].weight: expected at most 2, found 3",
        "inner|[{\"weight\":1,\"wait\":1}]"
            + "|inner[0].wait: expected only weight, note, found an unknown name",
        "object|[]|object: expected an object, found []",
        "numbers|{\"k\":\"v\"}|numbers.k: expected a number, found \"v\"",
        "inner|7|inner: expected an array, found 7",
      })
  void saysWhereWhatIsWrong(String change) {
    String[] parts = change.split("\\|");
    ObjectNode given = object(VALID);
    given.set(parts[0], MAPPER.readTree(parts[1]));

    assertThatThrownBy(() -> new SchemaChecker(schema).check(given))
        .isInstanceOf(SchemaViolationException.class)
        .hasMessage(parts[2]);
  }

  @Test
  void acceptsAWholeNumberWithAPoint() throws Exception {
    ObjectNode given = object(VALID);
    given.put("count", 3.0);
    new SchemaChecker(schema).check(given);

    assertThat(json.read(given, Everything.class).count()).isEqualTo(3);
  }

  @Test
  void saysWhichValueDoesNotFitItsJavaType() {
    ObjectNode number = object(VALID);
    number.set("big", MAPPER.readTree("99999999999999999999"));
    ObjectNode time = object(VALID);
    time.put("when", "tomorrow");

    assertThatThrownBy(() -> json.read(number, Everything.class))
        .isInstanceOf(SchemaViolationException.class)
        .hasMessageContaining("big: expected")
        .hasMessageContaining("long");
    assertThatThrownBy(() -> json.read(time, Everything.class))
        .isInstanceOf(SchemaViolationException.class)
        .hasMessageContaining("when: expected")
        .hasMessageNotContaining("java.");
  }

  @Test
  void namesFiveViolationsAndCountsTheRest() {
    assertThatThrownBy(() -> new SchemaChecker(schema).check(object("{}")))
        .hasMessageContaining("some_text")
        .hasMessageEndingWith("; and 1 more");
  }

  record Undocumented(String text) {}

  record OptionalPrimitive(@Doc(value = "?", optional = true) int x) {}

  record Unknown(@Doc("?") Thread thread) {}

  record Misplaced(@Doc(value = "?", min = 1) String text) {}

  record Endless(@Doc("?") List<Endless> more) {}

  @Test
  void refusesRecordsThatItCannotDescribe() {
    assertThatThrownBy(() -> RecordSchema.ofArguments(Undocumented.class))
        .hasMessageContaining("Undocumented.text");
    assertThat(RecordSchema.ofResult(Undocumented.class).has("additionalProperties")).isFalse();
    assertThatThrownBy(() -> RecordSchema.ofArguments(OptionalPrimitive.class))
        .hasMessageContaining("OptionalPrimitive.x");
    assertThatThrownBy(() -> RecordSchema.ofResult(Unknown.class))
        .hasMessageContaining("java.lang.Thread");
    assertThatThrownBy(() -> RecordSchema.ofArguments(Misplaced.class)).hasMessageContaining("min");
    assertThatThrownBy(() -> RecordSchema.ofResult(Endless.class))
        .hasMessageContaining("contains itself");
  }
}
