package dev.qwenmcp.engine.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.grammar.TokenGrammar;
import dev.qwenmcp.engine.grammar.TokenTrie;
import dev.qwenmcp.engine.grammar.Vocabularies;
import dev.qwenmcp.engine.json.JsonReader;
import dev.qwenmcp.engine.sample.SamplerChain;
import dev.qwenmcp.engine.sample.SamplerSettings;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JsonPointer;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whatever a model may think, what it writes under a schema is valid: random logits stand for it.
 * {@code -Dsamples=1000} writes as many texts by each schema.
 */
class JsonSchemaSamplingTest {
  private static final int SAMPLES = Integer.getInteger("samples", 200);
  private static final int TOKENS_BEFORE_HURRY = 25;

  private static final float[] NOISE = new float[1 << 17];

  static {
    Random random = new Random(42);
    for (int i = 0; i < NOISE.length; i++) {
      NOISE[i] = (float) (random.nextGaussian() * 3);
    }
  }

  private static final JsonMapper JACKSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNumberLength(100_000).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  static Stream<String> schemas() {
    return Stream.of(
        "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"age\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":150},\"tags\":{\"type\":\"array\",\"items\":{\"enum\":[\"a\",\"b\"]},\"maxItems\":3}},\"required\":[\"name\",\"age\"],\"additionalProperties\":false}",
        "{}",
        "{\"type\":\"array\"}",
        "{\"type\":\"object\"}",
        "{\"type\":[\"string\",\"null\"]}",
        "{\"type\":\"integer\"}",
        "{\"type\":\"integer\",\"minimum\":-37,\"exclusiveMaximum\":1024}",
        "{\"type\":\"integer\",\"exclusiveMinimum\":99,\"maximum\":100}",
        "{\"type\":\"integer\",\"multipleOf\":7,\"minimum\":-100,\"maximum\":1000}",
        "{\"type\":\"number\"}",
        "{\"type\":\"number\",\"minimum\":0.5,\"exclusiveMaximum\":1}",
        "{\"type\":\"number\",\"exclusiveMinimum\":-2.75,\"maximum\":-0.125}",
        "{\"type\":\"number\",\"multipleOf\":0.25,\"minimum\":-3}",
        "{\"type\":\"number\",\"not\":{\"type\":\"integer\"}}",
        "{\"type\":\"number\",\"minimum\":0,\"not\":{\"multipleOf\":0.25}}",
        "{\"type\":\"string\",\"minLength\":3,\"maxLength\":5}",
        "{\"type\":\"string\",\"maxLength\":1000000000}",
        "{\"type\":\"string\",\"pattern\":\"^[A-Z]{2,3}-\\\\d+$\"}",
        "{\"type\":\"string\",\"pattern\":\"^.{1,8}\\\\.(jpe?g|png)$\"}",
        "{\"type\":\"string\",\"pattern\":\"^(?!foo)[a-z]+$\",\"maxLength\":8}",
        "{\"type\":\"string\",\"pattern\":\"[\\\"\\\\\\\\\\\\n]\",\"maxLength\":4}",
        "{\"type\":\"string\",\"format\":\"date\"}",
        "{\"type\":\"string\",\"format\":\"date-time\"}",
        "{\"type\":\"string\",\"format\":\"time\"}",
        "{\"type\":\"string\",\"format\":\"duration\"}",
        "{\"type\":\"string\",\"format\":\"uuid\"}",
        "{\"type\":\"string\",\"format\":\"email\",\"pattern\":\"^.{1,9}@.{1,9}\\\\.(com|org|de)$\"}",
        "{\"type\":\"string\",\"format\":\"hostname\"}",
        "{\"type\":\"string\",\"format\":\"ipv4\"}",
        "{\"type\":\"string\",\"format\":\"ipv6\"}",
        "{\"type\":\"string\",\"format\":\"uri\"}",
        "{\"type\":\"string\",\"format\":\"uri-reference\"}",
        "{\"type\":\"string\",\"format\":\"uri-template\"}",
        "{\"enum\":[1,1.5,\"x\\n\",null,true,{\"a\":[1,{\"b\":\"\\u00e9\"}]},[]]}",
        "{\"const\":{\"k\":[1,2.50,\"v\"]}}",
        "{\"type\":\"array\",\"prefixItems\":[{\"type\":\"integer\"},{\"type\":\"string\"}],\"items\":{\"type\":\"boolean\"},\"minItems\":1,\"maxItems\":5}",
        "{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"minItems\":4}",
        "{\"type\":\"array\",\"items\":[{\"const\":1}],\"additionalItems\":false,\"$schema\":\"http://json-schema.org/draft-07/schema#\"}",
        "{\"type\":\"array\",\"items\":{\"type\":[\"integer\",\"string\"]},\"contains\":{\"minimum\":5},\"minContains\":2,\"maxItems\":6}",
        "{\"type\":\"array\",\"contains\":{\"type\":\"object\",\"required\":[\"a\"]},\"maxContains\":1}",
        "{\"type\":\"array\",\"not\":{\"items\":{\"type\":\"boolean\"}},\"maxItems\":4}",
        "{\"type\":\"array\",\"uniqueItems\":true,\"items\":{\"enum\":[\"a\",\"b\",\"ab\",1,null,[1],{\"x\":2}]},\"minItems\":3}",
        "{\"type\":\"array\",\"uniqueItems\":true,\"items\":{\"type\":\"string\",\"maxLength\":2},\"minItems\":3,\"maxItems\":9}",
        "{\"type\":\"array\",\"uniqueItems\":true,\"items\":{\"type\":\"number\"},\"minItems\":3,\"maxItems\":9}",
        "{\"type\":\"array\",\"uniqueItems\":true,\"items\":{\"type\":[\"integer\",\"string\"],\"minimum\":0,\"maximum\":30},\"minItems\":3,\"maxItems\":9}",
        "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"integer\"},\"minProperties\":2,\"maxProperties\":4}",
        "{\"type\":\"object\",\"properties\":{\"a\":{},\"b\":{\"type\":\"null\"},\"c\":{\"const\":1}},\"required\":[\"b\"],\"minProperties\":2}",
        "{\"type\":\"object\",\"patternProperties\":{\"^x\":{\"type\":\"integer\"},\"y$\":{\"minimum\":10}},\"properties\":{\"x1\":{\"maximum\":3}},\"additionalProperties\":{\"type\":\"string\"}}",
        "{\"type\":\"object\",\"propertyNames\":{\"pattern\":\"^[a-c]+$\",\"maxLength\":3},\"additionalProperties\":{\"type\":\"boolean\"},\"required\":[\"ab\"]}",
        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"z\"]}",
        "{\"type\":\"object\",\"properties\":{\"card\":{\"type\":\"integer\"},\"bill\":{\"type\":\"string\"}},\"dependentRequired\":{\"card\":[\"bill\"]},\"additionalProperties\":false}",
        "{\"type\":\"object\",\"properties\":{\"k\":{\"enum\":[\"a\",\"b\"]}},\"required\":[\"k\"],\"if\":{\"properties\":{\"k\":{\"const\":\"a\"}}},\"then\":{\"properties\":{\"n\":{\"type\":\"integer\"}},\"required\":[\"n\"]},\"else\":{\"properties\":{\"n\":{\"type\":\"string\"}},\"required\":[\"n\"]}}",
        "{\"oneOf\":[{\"type\":\"object\",\"properties\":{\"t\":{\"const\":\"x\"},\"v\":{\"type\":\"integer\"}},\"required\":[\"t\",\"v\"]},{\"type\":\"object\",\"properties\":{\"t\":{\"const\":\"y\"},\"v\":{\"type\":\"string\"}},\"required\":[\"t\"]}]}",
        "{\"oneOf\":[{\"type\":\"number\",\"multipleOf\":5},{\"type\":\"string\",\"maxLength\":2},{\"type\":\"string\",\"minLength\":2}]}",
        "{\"anyOf\":[{\"type\":\"string\",\"maxLength\":2},{\"type\":\"string\",\"pattern\":\"^a+$\"},{\"type\":\"array\",\"items\":{\"type\":\"string\"}}]}",
        "{\"allOf\":[{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]},{\"properties\":{\"a\":{\"minimum\":5},\"b\":{\"type\":\"string\"}},\"required\":[\"b\"]}]}",
        "{\"not\":{\"anyOf\":[{\"type\":\"object\"},{\"type\":\"array\"},{\"enum\":[\"\",0]},{\"type\":\"string\",\"minLength\":4}]}}",
        "{\"$ref\":\"#/$defs/node\",\"$defs\":{\"node\":{\"type\":\"object\",\"properties\":{\"value\":{\"type\":\"integer\"},\"children\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/node\"}}},\"required\":[\"value\"],\"additionalProperties\":false}}}",
        "{\"type\":\"object\",\"properties\":{\"next\":{\"anyOf\":[{\"$ref\":\"#\"},{\"type\":\"null\"}]}},\"required\":[\"next\"],\"additionalProperties\":false}",
        "{\"$id\":\"http://example.com/root.json\",\"$ref\":\"item.json#x\",\"$defs\":{\"i\":{\"$id\":\"item.json\",\"$defs\":{\"d\":{\"$anchor\":\"x\",\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/e\"}},\"e\":{\"const\":3}}}}}",
        "{\"type\":\"object\",\"properties\":{\"bad\":false,\"good\":true},\"unevaluatedProperties\":false}",
        "{\"type\":\"object\",\"allOf\":[{\"properties\":{\"a\":{\"type\":\"integer\"}}},{\"anyOf\":[{\"properties\":{\"b\":{\"type\":\"null\"}},\"required\":[\"b\"]},{\"patternProperties\":{\"^c\":{\"type\":\"boolean\"}}}]}],\"unevaluatedProperties\":{\"type\":\"string\"}}",
        "{\"type\":\"array\",\"allOf\":[{\"prefixItems\":[{\"type\":\"integer\"}]}],\"unevaluatedItems\":{\"type\":\"string\"},\"maxItems\":5}",
        "{\"type\":\"object\",\"$dynamicAnchor\":\"node\",\"properties\":{\"next\":{\"$dynamicRef\":\"#node\"}},\"additionalProperties\":false}");
  }

  @ParameterizedTest
  @MethodSource("schemas")
  void whatIsWrittenIsValid(String text) throws CharacterCodingException {
    JsonNode schema = JACKSON.readTree(text);
    Validator validator = Validator.of(schema);
    byte[][] tokens = Vocabularies.json();
    TokenTrie trie = Vocabularies.trie(tokens);
    for (JsonLayout layout : new JsonLayout[] {JsonLayout.ONE_LINE, JsonLayout.FREE}) {
      TokenGrammar grammar =
          JsonSchemaGrammar.compile(JsonReader.read(text), layout, MemberOrder.ANY).over(trie);
      Random random = new Random(text.hashCode());
      for (int sample = 0; sample < SAMPLES / 2; sample++) {
        String written = write(grammar, tokens, required(schema), random);
        JsonNode value = JACKSON.readTree(written);
        if (layout == JsonLayout.ONE_LINE) {
          assertThat(written).doesNotContain("\n");
        }
        assertThat(validator.errors(value)).as(written).isEmpty();
      }
    }
  }

  /** All names that the schema requires anywhere. */
  private static List<String> required(JsonNode schema) {
    List<String> names = new ArrayList<>();
    schema.findValues("required").forEach(list -> list.forEach(name -> names.add(name.asString())));
    return names;
  }

  /**
   * Random logits, but after a while those of tokens that end things are high: of what objects may
   * not end without, too.
   */
  private static String write(
      TokenGrammar grammar, byte[][] tokens, List<String> required, Random random)
      throws CharacterCodingException {
    int end = tokens.length;
    TokenConstraint constraint = grammar.constraint(end);
    SamplerChain sampler =
        new SamplerChain(SamplerSettings.GREEDY.withTemperature(1).withSeed(random.nextLong()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int n = 0; !constraint.finished(); n++) {
      assertThat(n).as("tokens of " + out.toString(StandardCharsets.UTF_8)).isLessThan(3000);
      float[] logits = new float[tokens.length + 1];
      int start = random.nextInt(NOISE.length);
      for (int id = 0; id < tokens.length; id++) {
        logits[id] = NOISE[start + id & NOISE.length - 1];
        if (n > TOKENS_BEFORE_HURRY) {
          byte first = tokens[id][0];
          logits[id] += tokens[id].length > 1 ? 0 : first == '"' ? 90 : 0;
          logits[id] += tokens[id].length > 1 ? 0 : first == ']' || first == '}' ? 60 : 0;
          logits[id] += tokens[id].length > 1 ? 0 : nextOf(required, out, first) ? 120 : 0;
        }
      }
      logits[end] = n > TOKENS_BEFORE_HURRY ? 100 : 2;
      constraint.mask(logits);
      int token = sampler.sample(logits);
      constraint.accept(token);
      if (token != end) {
        out.writeBytes(tokens[token]);
      }
    }
    assertThat(constraint.complete()).isTrue();
    // Strict: malformed UTF-8 throws.
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(out.toByteArray()))
        .toString();
  }

  /** Whether a character comes next in one of the names that are begun at the end of a text. */
  private static boolean nextOf(List<String> names, ByteArrayOutputStream out, byte next) {
    String text = out.toString(StandardCharsets.UTF_8);
    for (String name : names) {
      for (int i = 0; i < name.length(); i++) {
        if (name.charAt(i) == next && text.endsWith("\"" + name.substring(0, i))) {
          return true;
        }
      }
    }
    return false;
  }

  @ParameterizedTest
  @CsvSource({"json-pointer,''", "relative-json-pointer,[0-9]+", "email,'[^@]{1,64}@'"})
  void formatsThatTheValidatorReadsOtherwiseAreWhatTheRfcSays(String format, String begin)
      throws CharacterCodingException {
    byte[][] tokens = Vocabularies.json();
    TokenGrammar grammar =
        JsonSchemaGrammar.compile("{\"type\":\"string\",\"format\":\"" + format + "\"}")
            .over(Vocabularies.trie(tokens));
    Random random = new Random(format.hashCode());
    for (int sample = 0; sample < SAMPLES; sample++) {
      String text = JACKSON.readTree(write(grammar, tokens, List.of(), random)).asString();
      String rest = text.replaceFirst("^" + begin, "");
      if (format.equals("email")) {
        assertThat(rest)
            .as(text)
            .matches("([A-Za-z0-9-]{1,63}\\.)+[A-Za-z]{2,12}")
            .hasSizeLessThan(254);
        assertThat(text).doesNotContain("..").doesNotContain(".@").doesNotStartWith(".");
      } else if (!rest.equals("#")) {
        // "~" not before 0 or 1, or text before the first "/", and it throws.
        JsonPointer.compile(rest);
        assertThat(rest.replace("~0", "").replace("~1", "")).doesNotContain("~");
      }
    }
  }

  @Test
  void samplesDiffer() throws CharacterCodingException {
    byte[][] tokens = Vocabularies.json();
    TokenGrammar grammar =
        JsonSchemaGrammar.compile("{\"type\":\"string\"}").over(Vocabularies.trie(tokens));
    Random random = new Random(1);
    String[] written = new String[50];
    for (int i = 0; i < written.length; i++) {
      written[i] = write(grammar, tokens, List.of(), random);
    }
    assertThat(Arrays.stream(written).distinct().count()).isGreaterThan(40);
  }
}
