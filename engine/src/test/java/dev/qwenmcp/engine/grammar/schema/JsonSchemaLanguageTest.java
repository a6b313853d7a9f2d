package dev.qwenmcp.engine.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.grammar.TokenGrammar;
import dev.qwenmcp.engine.grammar.Vocabularies;
import dev.qwenmcp.engine.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Compares masks of random schemas that allow finitely many values with all of these values' texts,
 * which the test writes down by going through candidates and asking a validator.
 */
class JsonSchemaLanguageTest {
  private static final JsonMapper JACKSON = new JsonMapper();
  private static final List<String> NAMES = List.of("a", "ab", "b\"");

  /** All values of a small universe: scalars, and arrays and objects of scalars. */
  private static final List<JsonNode> UNIVERSE = universe();

  private static List<JsonNode> universe() {
    List<JsonNode> scalars = new ArrayList<>();
    for (String text : List.of("null", "true", "false", "-12", "-1", "0", "1", "7", "10", "12")) {
      scalars.add(JACKSON.readTree(text));
    }
    for (String text : List.of("", "a", "ab", "\u00e9\"")) {
      scalars.add(JACKSON.valueToTree(text));
    }
    List<JsonNode> all = new ArrayList<>(scalars);
    List<JsonNode> few = List.of(scalars.get(0), scalars.get(1), scalars.get(6), scalars.get(11));
    List<List<JsonNode>> sequences = new ArrayList<>(List.of(List.of()));
    for (int from = 0, length = 1; length <= 3; length++) {
      int to = sequences.size();
      for (; from < to; from++) {
        for (JsonNode next : few) {
          List<JsonNode> longer = new ArrayList<>(sequences.get(from));
          longer.add(next);
          sequences.add(longer);
        }
      }
    }
    for (List<JsonNode> sequence : sequences) {
      ArrayNode array = JACKSON.createArrayNode();
      array.addAll(sequence);
      all.add(array);
    }
    // Members in the order of NAMES, which is that of the schemas below.
    for (int present = 0; present < 8; present++) {
      for (JsonNode first : few) {
        for (JsonNode second : few) {
          for (JsonNode third : few) {
            ObjectNode object = JACKSON.createObjectNode();
            List<JsonNode> values = List.of(first, second, third);
            for (int i = 0; i < 3; i++) {
              if ((present >> i & 1) == 1) {
                object.set(NAMES.get(i), values.get(i));
              }
            }
            all.add(object);
          }
        }
      }
    }
    return all.stream().distinct().toList();
  }

  /** A schema none of whose values are outside the universe. */
  private static ObjectNode schema(Random random, int depth) {
    ObjectNode schema = JACKSON.createObjectNode();
    switch (random.nextInt(depth == 0 ? 3 : 9)) {
      case 0 -> {
        ArrayNode values = schema.putArray("enum");
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
          values.add(scalar(random));
        }
      }
      case 1 -> schema.put("type", random.nextBoolean() ? "boolean" : "null");
      case 2 -> schema.set("const", scalar(random));
      case 3 -> {
        schema.put("type", "array");
        schema.put("minItems", random.nextInt(3));
        schema.put("maxItems", random.nextInt(4));
        if (random.nextBoolean()) {
          ArrayNode prefix = schema.putArray("prefixItems");
          for (int n = 1 + random.nextInt(2); n > 0; n--) {
            prefix.add(few(random));
          }
        }
        schema.set("items", few(random));
      }
      case 4, 5 -> {
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        for (String name : NAMES) {
          if (random.nextInt(4) > 0) {
            properties.set(name, few(random));
          }
          if (properties.has(name) && random.nextInt(3) == 0) {
            required.add(name);
          }
        }
        schema.put("additionalProperties", false);
        if (random.nextInt(3) == 0) {
          schema.put("minProperties", random.nextInt(3));
        }
        if (random.nextInt(3) == 0) {
          schema.put("maxProperties", random.nextInt(4));
        }
        if (random.nextInt(4) == 0) {
          schema.putObject("dependentRequired").putArray("a").add("ab");
        }
      }
      case 6 -> {
        ArrayNode any = schema.putArray(random.nextInt(3) == 0 ? "oneOf" : "anyOf");
        any.add(schema(random, depth - 1)).add(schema(random, depth - 1));
      }
      case 7 -> {
        schema.putArray("allOf").add(loose(random)).add(schema(random, depth - 1));
        if (random.nextBoolean()) {
          schema.set("not", JACKSON.createObjectNode().set("enum", values(random)));
        }
      }
      default -> {
        schema.setAll(schema(random, depth - 1));
        if (random.nextBoolean()) {
          schema.set("if", loose(random));
          schema.set("then", loose(random));
          schema.set("else", schema(random, 0));
        } else if (!schema.has("anyOf")) {
          schema.set("anyOf", JACKSON.createArrayNode().add(loose(random)).add(loose(random)));
        }
      }
    }
    return schema;
  }

  private static ArrayNode values(Random random) {
    return JACKSON.createArrayNode().add(scalar(random)).add(scalar(random));
  }

  /** A condition that many values satisfy, also some outside the universe. */
  private static ObjectNode loose(Random random) {
    String[] conditions = {
      "{\"type\":[\"integer\",\"string\",\"object\"]}",
      "{\"minimum\":0}",
      "{\"exclusiveMaximum\":7,\"type\":[\"number\",\"array\"]}",
      "{\"maxLength\":1}",
      "{\"minItems\":1}",
      "{\"required\":[\"a\"]}",
      "{\"properties\":{\"a\":{\"const\":1}},\"required\":[\"a\"]}",
      "{\"properties\":{\"a\":{\"const\":true}}}",
      "{\"pattern\":\"a\"}",
      "{}",
      "{\"maxProperties\":1}",
      "{\"multipleOf\":5}"
    };
    return (ObjectNode) JACKSON.readTree(conditions[random.nextInt(conditions.length)]);
  }

  private static JsonNode scalar(Random random) {
    return UNIVERSE.get(random.nextInt(14));
  }

  private static ObjectNode few(Random random) {
    ObjectNode schema = JACKSON.createObjectNode();
    ArrayNode values = schema.putArray("enum");
    String[] few = {"null", "true", "1", "\"a\""};
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      values.add(JACKSON.readTree(few[random.nextInt(few.length)]));
    }
    return schema;
  }

  @Property(tries = 400)
  void tokensAreAllowedIfAndOnlyIfTheTextOfAValidValueBeginsSo(@ForAll long seed) {
    Random random = new Random(seed);
    ObjectNode schema = schema(random, 2);
    var validator = Validator.of(schema);
    TreeSet<byte[]> texts = new TreeSet<>(Arrays::compareUnsigned);
    for (JsonNode value : UNIVERSE) {
      if (validator.valid(value)) {
        texts.add(value.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
    Grammar grammar;
    try {
      grammar = JsonSchemaGrammar.compile(JsonReader.read(schema.toString()), JsonLayout.COMPACT);
    } catch (GrammarException e) {
      if (e.getMessage().contains("no value") || e.getMessage().contains("no text")) {
        assertThat(texts).as(schema.toString()).isEmpty();
      } else {
        assertThat(e).as(schema.toString()).hasMessageMatching("(?s).*(opposite|oneOf).*");
      }
      return;
    }
    assertThat(texts).as(schema.toString()).isNotEmpty();
    byte[][] tokens = Vocabularies.piecesOf(texts, 120, random);
    TokenGrammar over = grammar.over(Vocabularies.trie(tokens));
    for (int run = 0; run < 6; run++) {
      TokenConstraint constraint = over.constraint();
      byte[] prefix = new byte[0];
      while (true) {
        String at = schema + " after " + new String(prefix, StandardCharsets.UTF_8);
        assertThat(constraint.complete()).as(at).isEqualTo(texts.contains(prefix));
        if (constraint.finished()) {
          break;
        }
        float[] logits = new float[tokens.length];
        constraint.mask(logits);
        List<Integer> allowed = new ArrayList<>();
        for (int id = 0; id < tokens.length; id++) {
          boolean begins = begins(texts, prefix, tokens[id]);
          if (begins != (logits[id] == 0)) {
            assertThat(logits[id] == 0)
                .as(at + " token " + new String(tokens[id], StandardCharsets.ISO_8859_1))
                .isEqualTo(begins);
          }
          if (begins) {
            allowed.add(id);
          }
        }
        int token = allowed.get(random.nextInt(allowed.size()));
        constraint.accept(token);
        prefix = Arrays.copyOf(prefix, prefix.length + tokens[token].length);
        System.arraycopy(
            tokens[token], 0, prefix, prefix.length - tokens[token].length, tokens[token].length);
      }
    }
  }

  private static boolean begins(TreeSet<byte[]> texts, byte[] prefix, byte[] token) {
    byte[] longer = Arrays.copyOf(prefix, prefix.length + token.length);
    System.arraycopy(token, 0, longer, prefix.length, token.length);
    byte[] next = texts.ceiling(longer);
    return next != null
        && next.length >= longer.length
        && Arrays.equals(next, 0, longer.length, longer, 0, longer.length);
  }
}
