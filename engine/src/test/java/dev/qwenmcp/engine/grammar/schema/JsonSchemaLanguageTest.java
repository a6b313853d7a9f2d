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
    // Members in every order.
    List<ObjectNode> objects = new ArrayList<>(List.of(JACKSON.createObjectNode()));
    for (int i = 0; i < objects.size(); i++) {
      for (String name : NAMES) {
        if (!objects.get(i).has(name)) {
          for (JsonNode value : few) {
            objects.add(objects.get(i).deepCopy().<ObjectNode>set(name, value));
          }
        }
      }
    }
    all.addAll(objects);
    return List.copyOf(all);
  }

  /** A schema none of whose values are outside the universe. */
  private static ObjectNode schema(Random random, int depth) {
    ObjectNode schema = JACKSON.createObjectNode();
    switch (random.nextInt(depth == 0 ? 3 : 11)) {
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
        if (random.nextInt(3) == 0) {
          schema.set("contains", random.nextBoolean() ? few(random) : loose(random));
          if (random.nextBoolean()) {
            schema.put("minContains", random.nextInt(3));
          }
          if (random.nextBoolean()) {
            schema.put("maxContains", random.nextInt(3));
          }
        } else if (random.nextInt(3) == 0) {
          schema.put("uniqueItems", true);
        }
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
        number(schema, random);
        if (random.nextInt(4) == 0) {
          schema.putObject("dependentRequired").putArray("a").add("ab");
        }
      }
      case 9 -> {
        // Some names that are not declared one by one, and only those of the universe.
        schema.put("type", "object");
        ObjectNode patterns = schema.putObject("patternProperties");
        patterns.set(random.nextBoolean() ? "^ab?$" : "^a", few(random));
        patterns.set("^b\"?$", few(random));
        if (random.nextBoolean()) {
          schema.putObject("properties").set(NAMES.get(random.nextInt(3)), few(random));
        }
        if (random.nextBoolean()) {
          schema.putArray("required").add(NAMES.get(random.nextInt(3)));
        }
        schema.set("propertyNames", names(random));
        schema.put("additionalProperties", false);
        number(schema, random);
      }
      case 10 -> {
        ArrayNode values = schema.putArray("enum");
        values.add(scalar(random));
        for (int n = 1 + random.nextInt(2); n > 0; n--) {
          JsonNode object;
          do {
            object = UNIVERSE.get(UNIVERSE.size() - 1 - random.nextInt(300));
          } while (!asDeclared(object));
          values.add(object);
        }
      }
      case 6 -> {
        ArrayNode any = schema.putArray(random.nextInt(3) == 0 ? "oneOf" : "anyOf");
        any.add(schema(random, depth - 1)).add(schema(random, depth - 1));
      }
      case 7 -> {
        schema.putArray("allOf").add(loose(random)).add(schema(random, depth - 1));
        if (random.nextBoolean()) {
          ArrayNode others = values(random);
          if (random.nextBoolean()) {
            others.add(UNIVERSE.get(14 + random.nextInt(UNIVERSE.size() - 14)));
          }
          schema.set(
              "not",
              random.nextInt(4) > 0
                  ? JACKSON.createObjectNode().set("enum", others)
                  : loose(random));
        }
      }
      default -> {
        schema.setAll(schema(random, depth - 1));
        if (random.nextInt(3) == 0) {
          String keyword = random.nextBoolean() ? "unevaluatedProperties" : "unevaluatedItems";
          schema.set(keyword, JACKSON.getNodeFactory().booleanNode(false));
        }
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

  private static void number(ObjectNode schema, Random random) {
    if (random.nextInt(3) == 0) {
      schema.put("minProperties", random.nextInt(4));
    }
    if (random.nextInt(3) == 0) {
      schema.put("maxProperties", random.nextInt(4));
    }
  }

  private static ObjectNode names(Random random) {
    ObjectNode schema = JACKSON.createObjectNode();
    ArrayNode names = schema.putArray("enum");
    NAMES.forEach(names::add);
    if (random.nextBoolean()) {
      names.remove(random.nextInt(3));
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
      "{\"multipleOf\":5}",
      "{\"items\":{\"type\":[\"integer\",\"boolean\"]}}",
      "{\"prefixItems\":[{\"type\":\"string\"}],\"items\":{\"const\":1}}",
      "{\"contains\":{\"const\":1}}",
      "{\"contains\":{\"type\":\"string\"},\"maxContains\":1}"
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
    // Names that are not declared may be spelled with escapes, which the texts below are not.
    boolean spelledFreely = schema.toString().contains("patternProperties");
    MemberOrder order =
        spelledFreely || random.nextInt(4) > 0 ? MemberOrder.ANY : MemberOrder.DECLARED;
    var validator = Validator.of(schema);
    TreeSet<byte[]> texts = new TreeSet<>(Arrays::compareUnsigned);
    for (JsonNode value : UNIVERSE) {
      if ((order == MemberOrder.ANY || asDeclared(value)) && validator.valid(value)) {
        texts.add(value.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
    Grammar grammar;
    try {
      grammar =
          JsonSchemaGrammar.compile(JsonReader.read(schema.toString()), JsonLayout.COMPACT, order);
    } catch (GrammarException e) {
      if (e.getMessage().contains("no value") || e.getMessage().contains("no text")) {
        assertThat(texts).as(schema.toString()).isEmpty();
      } else {
        assertThat(e)
            .as(schema.toString())
            .hasMessageMatching("(?s).*(opposite|oneOf|uniqueItems|unevaluated).*");
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
          boolean escapes =
              spelledFreely
                  && (contains(tokens[id], '\\')
                      || prefix.length > 0 && prefix[prefix.length - 1] == '\\');
          if (begins != (logits[id] == 0) && (begins || !escapes)) {
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

  /** Whether members come in the order of NAMES, which is that of the schemas. */
  private static boolean asDeclared(JsonNode value) {
    int last = -1;
    for (String name : value.propertyNames()) {
      if (NAMES.indexOf(name) < last) {
        return false;
      }
      last = NAMES.indexOf(name);
    }
    return true;
  }

  private static boolean contains(byte[] token, char symbol) {
    for (byte b : token) {
      if (b == symbol) {
        return true;
      }
    }
    return false;
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
