package dev.qwenmcp.engine.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.json.JsonReader;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonSchemaGrammarTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"contains\":3}|#/contains|must be an object or a boolean",
        "{\"type\":\"array\",\"uniqueItems\":true}|#/uniqueItems|where items may be",
        "{\"uniqueItems\":true,\"items\":{\"const\":1},\"contains\":{\"const\":1}}|#/uniqueItems|beside",
        "{\"properties\":{\"a/b~\":{\"contains\":true,\"minContains\":-1}}}|#/properties/a~1b~0/minContains|at least 0",
        "{\"contains\":{\"minimum\":1},\"minContains\":20000}|#|more than 10000 states",
        "{\"contains\":{\"type\":\"array\"},\"minContains\":3,\"maxContains\":2,\"type\":\"array\"}|#|no value satisfies",
        "{\"items\":{\"$recursiveRef\":\"#\"}}|#/items/$recursiveRef|not supported",
        "{\"$dynamicRef\":\"#x\",\"$defs\":{\"a\":{\"$dynamicAnchor\":\"x\"},\"b\":{\"$id\":\"b\",\"$dynamicAnchor\":\"x\"}}}|#/$dynamicRef|several places",
        "{\"contains\":{\"const\":1},\"unevaluatedItems\":false}|#/unevaluatedItems|beside contains",
        "{\"const\":{},\"allOf\":[{}],\"unevaluatedProperties\":false}|#/unevaluatedProperties|beside const",
        "{\"type\":\"strin\"}|#/type|must be one of",
        "{\"type\":\"string\",\"minLenght\":3}|#/minLenght|is minLength meant",
        "{\"required\":\"a\"}|#/required|array of names",
        "{\"properties\":{\"a\":3}}|#/properties/a|must be an object or a boolean",
        "{\"$ref\":\"#/$defs/x\"}|#/$ref|nothing stands there",
        "{\"$ref\":\"other.json\"}|#/$ref|not in this document",
        "{\"$ref\":\"#\"}|#|refers to itself",
        "{\"anyOf\":[]}|#/anyOf|at least one schema",
        "{\"pattern\":\"(\"}|#/pattern|unmatched",
        "{\"pattern\":\"(?<=a)b\"}|#/pattern|lookbehind",
        "{\"format\":\"regex\"}|#/format|format regex is not supported",
        "{\"multipleOf\":0}|#/multipleOf|greater than 0",
        "{\"type\":\"number\",\"multipleOf\":0.123456789}|#|too large",
        "{\"minLength\":-1}|#/minLength|at least 0",
        "{\"enum\":[]}|#|no value satisfies",
        "{\"type\":\"integer\",\"minimum\":3,\"maximum\":2}|#|no value satisfies",
        "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"$ref\":\"#\"}}}|#|no value satisfies",
        "{\"type\":\"array\",\"items\":false,\"minItems\":1}|#|no value satisfies",
        "{\"oneOf\":[{\"additionalProperties\":{\"type\":\"string\"}},{\"additionalProperties\":{\"minimum\":1}}]}|#/oneOf|options 0 and 1",
        "{\"not\":{\"type\":\"array\",\"uniqueItems\":true}}|#/not|opposite",
        "[]|#|must be an object or a boolean",
        "{\"type\":|#|not JSON at character 8"
      })
  void errorsNameThePlaceAndTheProblem(String schema, String where, String problem) {
    assertThatThrownBy(() -> JsonSchemaGrammar.compile(schema))
        .isInstanceOfSatisfying(
            GrammarException.class,
            e -> {
              assertThat(e.where()).isEqualTo(where);
              assertThat(e.problem()).contains(problem);
            });
  }

  @Test
  void annotationsAndKeywordsOfOthersAreNoConditions() {
    Acceptor acceptor =
        Acceptor.of(
            "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$id\":\"x:y\","
                + "\"title\":\"t\",\"description\":\"d\",\"default\":1,\"examples\":[2],"
                + "\"$comment\":\"c\",\"deprecated\":true,\"readOnly\":false,\"x-order\":1,"
                + "\"_format\":\"int32\",\"ui\":{\"minLength\":5},\"const\":null}");
    assertThat(acceptor.accepts("null")).isTrue();
    assertThat(acceptor.accepts("1")).isFalse();
  }

  private static final String ORDERED =
      "{\"type\":\"object\",\"properties\":{\"z\":{\"const\":1},\"a\":{\"const\":2}},"
          + "\"additionalProperties\":{\"const\":3}}";

  @Test
  void membersComeInAnyOrderAndOnce() {
    Acceptor acceptor = Acceptor.of(ORDERED);
    assertThat(acceptor.accepts("{\"z\": 1, \"a\": 2, \"m\": 3, \"b\": 3}")).isTrue();
    assertThat(acceptor.accepts("{\"m\": 3, \"a\": 2, \"b\": 3, \"z\": 1}")).isTrue();
    assertThat(acceptor.accepts("{\"a\": 2, \"a\": 2}")).isFalse();
    assertThat(acceptor.accepts("{\"m\": 3, \"z\": 1, \"m\": 3}")).isFalse();
    assertThat(acceptor.accepts("{\"m\": 3, \"z\": 1, \"\\u006d\": 3}")).isFalse();
    assertThat(acceptor.accepts("{\"m\": 3, \"z\": 1, \"\\u006dm\": 3}")).isTrue();
    // A declared name in another spelling is still that name.
    assertThat(acceptor.accepts("{\"\\u007a\": 3}")).isFalse();
    assertThat(acceptor.accepts("{\"\\u0079\": 3}")).isTrue();
  }

  @Test
  void membersComeInTheOrderOfTheSchemaWhereThatIsWanted() {
    Acceptor acceptor =
        new Acceptor(
            JsonSchemaGrammar.compile(
                JsonReader.read(ORDERED), JsonLayout.ONE_LINE, MemberOrder.DECLARED));
    assertThat(acceptor.accepts("{\"z\": 1, \"a\": 2, \"m\": 3, \"b\": 3}")).isTrue();
    assertThat(acceptor.accepts("{\"a\": 2, \"m\": 3}")).isTrue();
    assertThat(acceptor.accepts("{\"a\": 2, \"z\": 1}")).isFalse();
    assertThat(acceptor.accepts("{\"m\": 3, \"a\": 2}")).isFalse();
    assertThat(acceptor.accepts("{\"a\": 2, \"m\": 3, \"m\": 3}")).isFalse();
  }

  @Test
  void aGivenObjectIsTheSameInAnyOrder() {
    Acceptor acceptor =
        Acceptor.of("{\"enum\":[{\"a\":{\"x\":[1],\"y\":2},\"b\":null},{\"a\":1},{}]}");
    assertThat(acceptor.accepts("{\"b\": null, \"a\": {\"y\": 2, \"x\": [1]}}")).isTrue();
    assertThat(acceptor.accepts("{\"a\": 1}")).isTrue();
    assertThat(acceptor.accepts("{}")).isTrue();
    assertThat(acceptor.accepts("{\"b\": null}")).isFalse();
    assertThat(acceptor.accepts("{\"a\": 1, \"b\": null}")).isFalse();
  }

  @Test
  void namesThatNoOtherNameIsLeftForAreNotBegun() {
    Acceptor acceptor =
        Acceptor.of(
            "{\"type\":\"object\",\"patternProperties\":{\"^x[01]$\":{\"type\":\"integer\"}},"
                + "\"additionalProperties\":false,\"minProperties\":2}");
    assertThat(acceptor.accepts("{\"x0\": 1, \"x1\": 1}")).isTrue();
    assertThat(acceptor.begins("{\"x0\": 1, \"x1\": 1,")).isFalse();
    assertThat(acceptor.begins("{\"x0\": 1, \"x0")).isFalse();
    assertThat(acceptor.begins("{\"x0\": 1, \"x\\u0030")).isFalse();
    assertThat(acceptor.begins("{\"x0\": 1, \"x\\u003")).isTrue();
    assertThatThrownBy(() ->
            JsonSchemaGrammar.compile(
                "{\"type\":\"object\",\"patternProperties\":{\"^x[01]$\":{}},"
                    + "\"additionalProperties\":false,\"minProperties\":3}"))
        .isInstanceOf(GrammarException.class)
        .hasMessageContaining("no value");
  }

  @Test
  void theLastMemberIsForcedInAnyOrder() {
    String schema =
        "{\"type\":\"object\",\"properties\":{\"first\":{\"const\":1},\"second\":{\"type\":\"null\"}},"
            + "\"required\":[\"first\",\"second\"],\"additionalProperties\":false}";
    Acceptor any =
        new Acceptor(
            JsonSchemaGrammar.compile(
                JsonReader.read(schema), JsonLayout.COMPACT, MemberOrder.ANY));
    assertThat(any.forcedAfter("")).isEqualTo("{\"");
    assertThat(any.forcedAfter("{\"s")).isEqualTo("econd\":null,\"first\":1}");
    Acceptor declared =
        new Acceptor(
            JsonSchemaGrammar.compile(
                JsonReader.read(schema), JsonLayout.COMPACT, MemberOrder.DECLARED));
    assertThat(declared.forcedAfter("")).isEqualTo("{\"first\":1,\"second\":null}");
  }

  @Test
  void theNextMemberInTheOrderOfTheSchemaIsExpected() {
    String schema =
        "{\"type\":\"object\",\"properties\":{\"zone\":{\"type\":\"string\"},"
            + "\"area\":{\"type\":\"integer\"},\"zeal\":{\"type\":\"string\"}},"
            + "\"required\":[\"zone\",\"area\",\"zeal\"]}";
    Acceptor acceptor = Acceptor.of(schema);
    assertThat(acceptor.expectedAfter("")).isEqualTo("{\"zone\": \"");
    assertThat(acceptor.expectedAfter("{\"z")).isEqualTo("one\": \"");
    assertThat(acceptor.expectedAfter("{\"ze")).isEqualTo("al\": \"");
    assertThat(acceptor.expectedAfter("{\"zone\": \"x\"")).isEqualTo(", \"area\": ");
    assertThat(acceptor.expectedAfter("{\"zone\": \"x\", \"z")).isEqualTo("eal\": \"");
    assertThat(acceptor.expectedAfter("{\"area\": 1,")).isEqualTo(" \"zeal\": \"");
    assertThat(acceptor.expectedAfter("{\"zeal\": \"\",")).isEqualTo(" \"zone\": \"");
    assertThat(acceptor.expectedAfter("{\"zone\": \"x\", \"other")).isEmpty();
    // Within values, and where the object may end, nothing is guessed.
    assertThat(acceptor.expectedAfter("{\"zone\": \"x")).isEmpty();
    assertThat(Acceptor.of("{\"properties\":{\"a\":{\"enum\":[1,2]}}}").expectedAfter("{\"a\":"))
        .isEqualTo(" ");
  }

  @Test
  void objectsOfManyMembersAreWrittenInAnyOrder() {
    List<Integer> numbers =
        IntStream.range(0, 500).boxed().collect(Collectors.toCollection(ArrayList::new));
    String properties =
        numbers.stream()
            .map(i -> "\"member " + i + "\":{\"const\":" + i + "}")
            .collect(Collectors.joining(","));
    String required =
        numbers.stream().map(i -> "\"member " + i + "\"").collect(Collectors.joining(","));
    Acceptor acceptor =
        Acceptor.of(
            "{\"type\":\"object\",\"properties\":{"
                + properties
                + "},\"required\":["
                + required
                + "]}");
    Collections.shuffle(numbers, new Random(3));
    String members =
        numbers.stream().map(i -> "\"member " + i + "\": " + i).collect(Collectors.joining(", "));
    assertThat(acceptor.accepts("{" + members + "}")).isTrue();
    assertThat(acceptor.accepts("{" + members + ", \"other\": 1}")).isTrue();
    assertThat(acceptor.accepts("{" + members.replaceFirst(", [^,]*$", "") + "}")).isFalse();
    assertThat(acceptor.accepts("{" + members + ", \"member 3\": 3}")).isFalse();
  }

  @Test
  void layoutsDecideOnWhiteSpace() {
    String schema =
        "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"array\"}}}";
    String compact = "{\"a\":[1,2]}";
    String line = "{\"a\": [1, 2]}";
    String free = "{\n  \"a\" : [\n\t1,\r\n 2 ]\n}";
    for (JsonLayout layout : JsonLayout.values()) {
      Acceptor acceptor =
          new Acceptor(JsonSchemaGrammar.compile(JsonReader.read(schema), layout, MemberOrder.ANY));
      assertThat(acceptor.accepts(compact)).as(layout.name()).isTrue();
      assertThat(acceptor.accepts(line)).isEqualTo(layout != JsonLayout.COMPACT);
      assertThat(acceptor.accepts(free)).isEqualTo(layout == JsonLayout.FREE);
      assertThat(acceptor.accepts(compact + " ")).isFalse();
    }
  }

  @Test
  void numbersKeepTheirBoundsDigitByDigit() {
    String[] schemas = {
      "{\"type\":\"integer\",\"minimum\":-105,\"maximum\":1203}",
      "{\"type\":\"integer\",\"exclusiveMinimum\":-1,\"exclusiveMaximum\":100}",
      "{\"type\":\"integer\",\"minimum\":98}",
      "{\"type\":\"integer\",\"maximum\":-7,\"multipleOf\":3}",
      "{\"type\":\"number\",\"minimum\":-2.5,\"exclusiveMaximum\":10.25}",
      "{\"type\":\"number\",\"exclusiveMinimum\":0,\"maximum\":0.05}",
      "{\"type\":\"number\",\"multipleOf\":0.5,\"maximum\":3}",
      "{\"type\":\"number\",\"multipleOf\":1.5}"
    };
    for (String schema : schemas) {
      Acceptor acceptor = Acceptor.of(schema);
      Validator validator = Validator.of(new JsonMapper().readTree(schema));
      for (int n = -1500; n <= 1500; n++) {
        String integer = Integer.toString(n);
        assertThat(acceptor.accepts(integer))
            .as(schema + " " + n)
            .isEqualTo(validator.valid(number(integer)));
        String decimal = new BigDecimal(n).movePointLeft(2).toPlainString();
        boolean spelled = !schema.contains("integer") && !schema.contains("multipleOf");
        if (spelled && n != 0) {
          assertThat(acceptor.accepts(decimal))
              .as(schema + " " + decimal)
              .isEqualTo(validator.valid(number(decimal)));
        }
      }
      assertThat(acceptor.accepts("-0")).isFalse();
      assertThat(acceptor.accepts("01")).isFalse();
      assertThat(acceptor.accepts("1.")).isFalse();
    }
  }

  private static JsonNode number(String text) {
    return JsonMapper.builder()
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .build()
        .readTree(text);
  }

  @Test
  void optionsThatShareValuesCountOnceOnly() {
    Acceptor acceptor =
        Acceptor.of(
            "{\"oneOf\":[{\"type\":\"integer\",\"maximum\":10},{\"type\":\"number\",\"minimum\":5}]}");
    assertThat(acceptor.accepts("3")).isTrue();
    assertThat(acceptor.accepts("7")).isFalse();
    assertThat(acceptor.accepts("7.5")).isTrue();
    assertThat(acceptor.accepts("11")).isTrue();
  }

  @Test
  void numbersThatAreNoMultiplesAreToldByTheirValue() {
    Acceptor acceptor =
        Acceptor.of(
            "{\"type\":\"number\",\"minimum\":-3,\"maximum\":30,"
                + "\"not\":{\"anyOf\":[{\"multipleOf\":0.5},{\"multipleOf\":7}]}}");
    assertThat(acceptor.accepts("1.25")).isTrue();
    assertThat(acceptor.accepts("-0.2")).isTrue();
    assertThat(acceptor.accepts("14.001")).isTrue();
    for (String multiple : List.of("0", "1", "1.5", "1.50", "-2.5000", "14", "14.0", "21.00")) {
      assertThat(acceptor.accepts(multiple)).as(multiple).isFalse();
    }
    Acceptor either = Acceptor.of("{\"oneOf\":[{\"multipleOf\":2},{\"multipleOf\":3}]}");
    assertThat(either.accepts("4")).isTrue();
    assertThat(either.accepts("9")).isTrue();
    assertThat(either.accepts("6")).isFalse();
    assertThat(either.accepts("5")).isFalse();
    Acceptor whole = Acceptor.of("{\"type\":\"integer\",\"minimum\":0,\"not\":{\"multipleOf\":2}}");
    assertThat(whole.accepts("3")).isTrue();
    assertThat(whole.accepts("12")).isFalse();
  }

  @Test
  void whatIsNotAGivenValueIsSaid() {
    Acceptor acceptor =
        Acceptor.of(
            "{\"type\":[\"array\",\"object\"],"
                + "\"not\":{\"enum\":[[1,\"a\"],{\"a\":1,\"b\":[2]},[],{}]}}");
    for (String other :
        List.of(
            "[1]",
            "[2, \"a\"]",
            "[1, \"b\"]",
            "[1, \"a\", 1]",
            "{\"a\": 1}",
            "{\"a\": 1, \"b\": [3]}",
            "{\"a\": 1, \"b\": [2], \"c\": 1}",
            "{\"b\": [2], \"c\": 1}")) {
      assertThat(acceptor.accepts(other)).as(other).isTrue();
    }
    for (String given :
        List.of("[1, \"a\"]", "[]", "{}", "{\"a\": 1, \"b\": [2]}", "{\"b\": [2], \"a\": 1}")) {
      assertThat(acceptor.accepts(given)).as(given).isFalse();
    }
  }

  @Test
  void beforeDraft8WhatStandsBesideAReferenceDoesNotCount() {
    String schema =
        "{\"$schema\":\"SCHEMA\",\"properties\":{\"a\":{\"$ref\":\"#/definitions/s\",\"maxLength\":1}},"
            + "\"definitions\":{\"s\":{\"type\":\"string\"}}}";
    String text = "{\"a\":\"long\"}";
    assertThat(
            Acceptor.of(schema.replace("SCHEMA", "http://json-schema.org/draft-07/schema#"))
                .accepts(text))
        .isTrue();
    assertThat(
            Acceptor.of(schema.replace("SCHEMA", "https://json-schema.org/draft/2020-12/schema"))
                .accepts(text))
        .isFalse();
  }

  static Stream<String> hostile() {
    String deepItems = "{\"items\":".repeat(200) + "{\"type\":\"null\"}" + "}".repeat(200);
    String manyAnyOf =
        IntStream.range(0, 12)
            .mapToObj(i ->
                "{\"anyOf\":[{\"required\":[\"a" + i + "\"]},{\"required\":[\"b" + i + "\"]}]}")
            .collect(Collectors.joining(",", "{\"allOf\":[", "]}"));
    String manyRefs =
        IntStream.range(0, 200)
            .mapToObj(i ->
                "\"d"
                    + i
                    + "\":{\"properties\":{"
                    + IntStream.range(0, 200)
                        .mapToObj(j -> "\"p" + j + "\":{\"$ref\":\"#/$defs/d" + j + "\"}")
                        .collect(Collectors.joining(","))
                    + "}}")
            .collect(Collectors.joining(",", "{\"$ref\":\"#/$defs/d0\",\"$defs\":{", "}}"));
    String conjunctions =
        // Each level down joins different definitions: exponentially many conjunctions.
        IntStream.range(0, 24)
            .mapToObj(i ->
                "\"d"
                    + i
                    + "\":{\"properties\":{\"x\":{\"$ref\":\"#/$defs/d"
                    + (i + 1) % 24
                    + "\"},\"y\":{\"allOf\":[{\"$ref\":\"#/$defs/d"
                    + (i + 1) % 24
                    + "\"},{\"$ref\":\"#/$defs/d"
                    + (i + 7) % 24
                    + "\"}]}}}")
            .collect(Collectors.joining(",", "{\"$ref\":\"#/$defs/d0\",\"$defs\":{", "}}"));
    return Stream.of(
        deepItems,
        "{\"items\":".repeat(100_000),
        "[".repeat(100_000),
        manyAnyOf,
        manyRefs,
        conjunctions,
        "{\"type\":\"array\",\"minItems\":2000000000}",
        "{\"type\":\"array\",\"maxItems\":2000000000,\"items\":{\"type\":\"null\"}}",
        "{\"type\":\"string\",\"minLength\":2000000000}",
        "{\"type\":\"string\",\"maxLength\":99999999999999999999}",
        "{\"type\":\"string\",\"pattern\":\"^(ab|c)*d?$\",\"minLength\":1000000,\"maxLength\":2000000}",
        "{\"type\":\"string\",\"pattern\":\"(a{1000}){1000}\"}",
        "{\"type\":\"string\",\"pattern\":\"[ab]*a[ab]{50}$\"}",
        "{\"type\":\"object\",\"minProperties\":1000000000}",
        "{\"type\":\"integer\",\"multipleOf\":123456789123456789}",
        "{\"type\":\"integer\",\"minimum\":1e100000}",
        "{\"type\":\"integer\",\"minimum\":1e999999999}",
        "{\"patternProperties\":{"
            + IntStream.range(0, 40)
                .mapToObj(i -> "\"x{" + i + "}.*y" + i + "\":{}")
                .collect(Collectors.joining(","))
            + "}}",
        "{\"oneOf\":["
            + IntStream.range(0, 300)
                .mapToObj(i -> "{\"properties\":{\"p" + i + "\":{\"const\":" + i + "}}}")
                .collect(Collectors.joining(","))
            + "]}");
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void hostileSchemasAreCompiledOrRefusedInBoundedTime(String schema) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          try {
            Acceptor acceptor = Acceptor.of(schema);
            acceptor.accepts("{\"p0\": {\"x\": {}}}");
            acceptor.accepts("[[[[\"abab");
          } catch (GrammarException e) {
            assertThat(e.where()).isNotEmpty();
            assertThat(e.problem()).isNotEmpty();
          }
        });
  }

  @Test
  void hugeBoundsAreKept() {
    Acceptor items =
        Acceptor.of(
            "{\"type\":\"array\",\"items\":{\"const\":1},\"minItems\":3,\"maxItems\":2000000000}");
    assertThat(items.accepts("[1,1]")).isFalse();
    assertThat(items.accepts("[1,1,1,1,1]")).isTrue();
    Acceptor text = Acceptor.of("{\"type\":\"string\",\"minLength\":1000,\"maxLength\":1500}");
    assertThat(text.accepts("\"" + "\u4e2d".repeat(999) + "\"")).isFalse();
    assertThat(text.accepts("\"" + "\u4e2d".repeat(1000) + "\"")).isTrue();
    assertThat(text.accepts("\"" + "\\ud83d\\ude00".repeat(1500) + "\"")).isTrue();
    assertThat(text.accepts("\"" + "x".repeat(1501) + "\"")).isFalse();
  }
}
