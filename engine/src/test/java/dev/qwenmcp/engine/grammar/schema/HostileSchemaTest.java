package dev.qwenmcp.engine.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.grammar.Vocabularies;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Schemas that would take ever so long or much: a grammar or an error, soon. */
class HostileSchemaTest {
  private static final byte[][] TOKENS = Vocabularies.json();

  static Stream<Named<String>> schemas() {
    String object = "{\"type\":\"object\",\"properties\":{\"a\":";
    return Stream.of(
        Named.of("deep", object.repeat(5_000) + "{}" + "}}".repeat(5_000)),
        Named.of("deep within what may be nested", object.repeat(60) + "{}" + "}}".repeat(60)),
        Named.of("deep arrays", "[".repeat(100_000)),
        Named.of(
            "a huge enum",
            IntStream.range(0, 30_000)
                .mapToObj(i -> "\"value number " + i + "\"")
                .collect(Collectors.joining(",", "{\"enum\":[", "]}"))),
        Named.of(
            "many properties",
            IntStream.range(0, 5_000)
                .mapToObj(i -> "\"p" + i + "\":{\"type\":\"string\"}")
                .collect(Collectors.joining(",", "{\"type\":\"object\",\"properties\":{", "}}"))),
        Named.of("an exponential automaton", pattern("(a|b)*a(a|b){40}")),
        Named.of("nested repetitions", pattern("((((a{900}){900}){900}){900})")),
        Named.of("nested stars", pattern("^((((a*)*)*)*)*$")),
        Named.of("many alternatives", pattern("(" + "ab|".repeat(20_000) + "c)*")),
        Named.of("minLength", "{\"type\":\"string\",\"minLength\":2000000000}"),
        Named.of(
            "lengths of a pattern",
            "{\"type\":\"string\",\"pattern\":\"^(ab)*$\",\"minLength\":1999999}"),
        Named.of("maxLength", "{\"type\":\"string\",\"maxLength\":2000000000}"),
        Named.of("minItems", "{\"type\":\"array\",\"minItems\":2000000000}"),
        Named.of(
            "maxItems",
            "{\"type\":\"array\",\"items\":{\"type\":\"null\"},\"maxItems\":1000000000000}"),
        Named.of("minProperties", "{\"type\":\"object\",\"minProperties\":2000000000}"),
        Named.of("bounds", "{\"type\":\"integer\",\"minimum\":-1e400,\"maximum\":1e400}"),
        Named.of("digits", "{\"type\":\"number\",\"minimum\":1" + "0".repeat(5_000) + "}"),
        Named.of("an exponent", "{\"type\":\"integer\",\"maximum\":1e999999999}"),
        Named.of("a multiple", "{\"type\":\"integer\",\"multipleOf\":982451653}"),
        Named.of(
            "multiples",
            "{\"type\":\"integer\",\"allOf\":[{\"multipleOf\":997},{\"multipleOf\":991},{\"multipleOf\":983}]}"),
        Named.of("a reference to itself", "{\"$ref\":\"#\"}"),
        Named.of(
            "references in a circle",
            "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"allOf\":[{\"$ref\":\"#/$defs/a\"}]}}}"),
        Named.of("references that double", doubling("allOf")),
        Named.of("alternatives that double", doubling("anyOf")),
        Named.of("options that double", doubling("oneOf")),
        Named.of(
            "products of unions",
            "{\"allOf\":["
                + union(0)
                + IntStream.range(1, 12).mapToObj(i -> "," + union(i)).collect(Collectors.joining())
                + "]}"),
        Named.of(
            "opposites",
            "{\"not\":".repeat(200)
                + "{\"type\":\"object\",\"required\":[\"a\"]}"
                + "}".repeat(200)),
        Named.of(
            "patterns that overlap",
            IntStream.range(0, 40)
                .mapToObj(
                    i -> "\"" + (char) ('a' + i % 26) + ".{" + i + "}\":{\"maximum\":" + i + "}")
                .collect(
                    Collectors.joining(",", "{\"type\":\"object\",\"patternProperties\":{", "}}"))),
        Named.of(
            "all values of a recursive schema",
            "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#\"},\"b\":{\"$ref\":\"#\"}},\"required\":[\"a\",\"b\"]}"));
  }

  private static String pattern(String expression) {
    return "{\"type\":\"string\",\"pattern\":\"" + expression + "\"}";
  }

  private static String union(int i) {
    return "{\"anyOf\":[{\"required\":[\"x"
        + i
        + "\"]},{\"required\":[\"y"
        + i
        + "\"]},{\"minProperties\":"
        + i
        + "}]}";
  }

  private static String doubling(String keyword) {
    StringBuilder schema = new StringBuilder("{\"$ref\":\"#/$defs/d0\",\"$defs\":{");
    for (int i = 0; i < 60; i++) {
      schema.append(
          "\"d%d\":{\"%s\":[{\"$ref\":\"#/$defs/d%d\"},{\"$ref\":\"#/$defs/d%d\"}]},"
              .formatted(i, keyword, i + 1, i + 1));
    }
    return schema + "\"d60\":{\"type\":\"string\"}}}";
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void endsInAGrammarOrAnErrorSoon(String schema) {
    assertTimeoutPreemptively(Duration.ofSeconds(30), () -> compileAndUse(schema, new Random(1)));
  }

  private static void compileAndUse(String schema, Random random) {
    TokenConstraint constraint;
    try {
      constraint =
          JsonSchemaGrammar.compile(schema)
              .over(Vocabularies.trie(TOKENS))
              .constraint(TOKENS.length);
    } catch (GrammarException e) {
      assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(2_000);
      return;
    }
    float[] logits = new float[TOKENS.length + 1];
    for (int n = 0; n < 20 && !constraint.finished(); n++) {
      for (int id = 0; id < logits.length; id++) {
        logits[id] = random.nextFloat();
      }
      constraint.mask(logits);
      int best = 0;
      for (int id = 1; id < logits.length; id++) {
        best = logits[id] > logits[best] ? id : best;
      }
      constraint.accept(best);
    }
  }

  private static final String[] PARTS = {
    "\"type\":\"object\"", "\"type\":[\"string\",\"array\"]", "\"type\":\"integer\"",
        "\"minimum\":-3",
    "\"multipleOf\":0.7", "\"maxLength\":3", "\"pattern\":\"(a|b)*c{2,9}\"",
        "\"format\":\"date-time\"",
    "\"required\":[\"a\",\"b\"]", "\"minProperties\":2", "\"maxItems\":4", "\"uniqueItems\":true",
    "\"enum\":[1,\"a\",null,{\"a\":[]}]", "\"const\":\"a\"", "\"$ref\":\"#\"",
        "\"$ref\":\"#/properties/a\"",
    "\"type\":7", "\"minLength\":-1", "\"exclusiveMaximum\":true",
        "\"$schema\":\"http://json-schema.org/draft-07/schema#\""
  };

  private static final String[] HOLDERS = {
    "\"properties\":{\"a\":%s,\"b\":%s}",
    "\"items\":%s",
    "\"items\":[%s,%s]",
    "\"prefixItems\":[%s]",
    "\"allOf\":[%s,%s]",
    "\"anyOf\":[%s,%s]",
    "\"oneOf\":[%s,%s]",
    "\"not\":%s",
    "\"if\":%s,\"then\":%s",
    "\"additionalProperties\":%s",
    "\"patternProperties\":{\"^a\":%s}",
    "\"propertyNames\":%s",
    "\"dependentSchemas\":{\"a\":%s}",
    "\"unevaluatedProperties\":%s",
    "\"additionalItems\":%s"
  };

  private static String random(Random random, int depth) {
    if (random.nextInt(12) == 0) {
      return random.nextBoolean() ? "true" : "false";
    }
    StringBuilder schema = new StringBuilder("{\"title\":\"\"");
    for (int n = random.nextInt(3); n > 0; n--) {
      schema.append(',').append(PARTS[random.nextInt(PARTS.length)]);
    }
    for (int n = depth > 0 ? random.nextInt(3) : 0; n > 0; n--) {
      String holder = HOLDERS[random.nextInt(HOLDERS.length)];
      schema
          .append(',')
          .append(holder.formatted(random(random, depth - 1), random(random, depth - 1)));
    }
    return schema.append('}').toString();
  }

  @Property(tries = 200)
  void randomSchemasEndInAGrammarOrAnError(@ForAll long seed) {
    Random random = new Random(seed);
    String schema = random(random, 4);
    assertTimeoutPreemptively(Duration.ofSeconds(30), () -> compileAndUse(schema, random), schema);
  }
}
