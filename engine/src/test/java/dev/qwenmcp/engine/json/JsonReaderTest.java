package dev.qwenmcp.engine.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

class JsonReaderTest {
  private static final JsonMapper JACKSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  @Test
  void readsValuesAndWritesThemCompactly() {
    String text =
        " { \"a\" : [ 1 , -2.50e+3 , true , false , null ] , \"b\\u00e9\\n\" : { } , \"\\ud83d\\ude00\" : \"\\ud800\" } ";
    assertThat(JsonReader.read(text))
        .hasToString(
            "{\"a\":[1,-2.50e+3,true,false,null],\"b\u00e9\\n\":{},\"\ud83d\ude00\":\"\\ud800\"}");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "``|0|ends early",
        "{|1|ends early",
        "[1,]|3|value",
        "{\"a\":1,}|7|member name",
        "{\"a\" 1}|5|':'",
        "{\"a\":1,\"a\":2}|7|twice",
        "01|1|after the value",
        "1.|2|decimal point",
        "1e|2|exponent",
        "-|1|value",
        "+1|0|value",
        "tru|0|value",
        "\"\\x\"|2|escape",
        "\"\\u12g4\"|5|hexadecimal",
        "\"abc|4|ends early",
        "1 2|2|after the value",
        "1e999999|0|exponent",
        "1e99999999999|0|exponent",
        "nullx|4|after the value"
      })
  void saysWhereAndWhyTextIsNotJson(String text, int offset, String problem) {
    assertThatThrownBy(() -> JsonReader.read(text))
        .isInstanceOfSatisfying(JsonException.class, e -> assertThat(e.offset()).isEqualTo(offset))
        .hasMessageContaining(problem);
  }

  @Test
  void refusesControlCharactersInStrings() {
    assertThatThrownBy(() -> JsonReader.read("\"a\nb\""))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("control character");
  }

  @Test
  void boundsNestingInsteadOfOverflowingTheStack() {
    assertThatThrownBy(() -> JsonReader.read("[".repeat(1_000_000)))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("deeper than 256");
    assertThat(JsonReader.read("[".repeat(200) + "]".repeat(200))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1.0", "10e-1", "1e0", "0.1E1"})
  void numbersOfTheSameValueAreEqual(String text) {
    assertThat(JsonReader.read(text)).isEqualTo(JsonReader.read("1"));
    assertThat(JsonReader.read(text)).hasSameHashCodeAs(JsonReader.read("1"));
    assertThat(((JsonValue.Number) JsonReader.read(text)).integer()).isTrue();
  }

  @Property(tries = 3000)
  void agreesWithAnotherReaderOnDamagedText(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder text =
        new StringBuilder("{\"a\":[1,-2.5e3,\"x\\u0041\\n\"],\"b\":{\"c\":null},\"d\":true}");
    String alphabet = "{}[]\",:\\u0123e-+. tfn";
    for (int edits = random.nextInt(4); edits > 0; edits--) {
      int i = random.nextInt(text.length());
      if (random.nextBoolean()) {
        text.deleteCharAt(i);
      } else {
        text.setCharAt(i, alphabet.charAt(random.nextInt(alphabet.length())));
      }
    }
    String expected;
    try {
      expected = JACKSON.readTree(text.toString()).toString();
    } catch (JacksonException e) {
      expected = null;
    }
    String actual;
    try {
      // Through Jackson once more so that numbers are written alike.
      actual = JACKSON.readTree(JsonReader.read(text.toString()).toString()).toString();
    } catch (JsonException e) {
      actual = null;
    }
    assertThat(actual).as(text.toString()).isEqualTo(expected);
  }

  @Test
  void keepsTheOrderOfMembers() {
    JsonValue.Obj object = (JsonValue.Obj) JsonReader.read("{\"z\":1,\"a\":2,\"m\":3}");
    assertThat(List.copyOf(object.members().keySet())).containsExactly("z", "a", "m");
    assertThat(object.get("a")).isEqualTo(JsonReader.read("2"));
    assertThat(object.get("none")).isNull();
  }
}
