package dev.qwenmcp.server.tool;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.qwenmcp.server.text.Sentences;
import dev.qwenmcp.server.text.Span;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Narrows a schema to values that stand in a text, for models that cannot copy: strings become runs
 * of up to six words of the text, numbers those of the text, objects have their named members only.
 *
 * <p>Whatever follows the narrowed schema follows the given one: only values that it allows are
 * offered, and where the text has none of them, strings and numbers stay as they are.
 */
final class SpanSchema {
  private static final int MOST_WORDS = 6;
  private static final int MOST_SPANS = 2000;
  private static final int MOST_ITEMS = 5;
  private static final int[] MOST_NUMBERS = {100, 1000};

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}@#$€£%&+/._:'’-]+");
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}.-])-?\\d{1,15}(?:\\.\\d{1,15})?(?![\\p{L}\\p{N}-]|\\.\\d)");

  private static final Set<String> SCHEMAS = Set.of("items", "additionalProperties");
  private static final Set<String> SCHEMA_LISTS = Set.of("prefixItems", "anyOf", "oneOf", "allOf");
  private static final Set<String> SCHEMA_MAPS = Set.of("properties", "$defs", "definitions");

  /** Keywords beside which an object is not closed: they may name further members. */
  private static final Set<String> OPEN =
      Set.of("additionalProperties", "patternProperties", "allOf", "anyOf", "oneOf", "$ref");

  /** Keywords that say enough about a value's spelling. */
  private static final Set<String> SPELLED = Set.of("enum", "const", "format", "$ref");

  private final SchemaRegistry validators =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final List<JsonNode> spans = new ArrayList<>();
  private final List<JsonNode> numbers = new ArrayList<>();

  private SpanSchema(String text) {
    Set<String> found = new LinkedHashSet<>();
    for (Span sentence : Sentences.of(text)) {
      addSpans(text, sentence, found);
    }
    found.stream()
        .limit(MOST_SPANS)
        .forEach(s -> spans.add(JsonNodeFactory.instance.stringNode(s)));
    NUMBER
        .matcher(text)
        .results()
        .map(match -> new BigDecimal(match.group()))
        .distinct()
        .forEach(n -> numbers.add(JsonNodeFactory.instance.numberNode(n)));
  }

  static ObjectNode narrow(ObjectNode schema, String text) {
    ObjectNode copy = schema.deepCopy();
    new SpanSchema(text).narrow(copy);
    return copy;
  }

  private static void addSpans(String text, Span sentence, Set<String> found) {
    Matcher words = WORD.matcher(text).region(sentence.start(), sentence.end());
    List<Span> places = new ArrayList<>();
    while (words.find()) {
      int end = words.end();
      while (end > words.start() + 1 && ".:,'’-".indexOf(text.charAt(end - 1)) >= 0) {
        end--;
      }
      places.add(new Span(words.start(), end));
    }
    for (int first = 0; first < places.size(); first++) {
      for (int n = 0; n < MOST_WORDS && first + n < places.size(); n++) {
        found.add(text.substring(places.get(first).start(), places.get(first + n).end()));
      }
    }
  }

  private void narrow(JsonNode node) {
    if (!(node instanceof ObjectNode schema)) {
      return;
    }
    for (String keyword : SCHEMAS) {
      narrow(schema.path(keyword));
    }
    for (String keyword : SCHEMA_LISTS) {
      schema.path(keyword).forEach(this::narrow);
    }
    for (String keyword : SCHEMA_MAPS) {
      schema.path(keyword).forEach(this::narrow);
    }
    if (schema.has("properties") && OPEN.stream().noneMatch(schema::has)) {
      schema.put("additionalProperties", false);
    }
    if (SPELLED.stream().anyMatch(schema::has)) {
      return;
    }
    switch (schema.path("type").asString("")) {
      case "string" -> offer(schema, spans);
      case "number", "integer" -> {
        if (!offer(schema, numbers)) {
          bound(schema);
        }
      }
      case "array" -> {
        if (!schema.has("maxItems")) {
          schema.put("maxItems", Math.max(MOST_ITEMS, schema.path("minItems").asInt(0)));
        }
      }
      default -> {
        // Any other type, or several: as it is.
      }
    }
  }

  /** Allows only those of the values that the schema allows; false if there are none. */
  private boolean offer(ObjectNode schema, List<JsonNode> values) {
    Schema validator = validators.getSchema(schema);
    ArrayNode allowed = JsonNodeFactory.instance.arrayNode();
    for (JsonNode value : values) {
      if (validator.validate(value).isEmpty()) {
        allowed.add(value);
      }
    }
    if (allowed.isEmpty()) {
      return false;
    }
    schema.set("enum", allowed);
    return true;
  }

  /**
   * Ends a number that stands nowhere: a whole one of two digits if the schema allows, else of
   * three. A thousand choices in a list of lists are more than a grammar may hold.
   */
  private void bound(ObjectNode schema) {
    for (int most : MOST_NUMBERS) {
      List<JsonNode> whole = new ArrayList<>();
      for (int i = 0; i < most; i++) {
        whole.add(JsonNodeFactory.instance.numberNode(i));
      }
      if (offer(schema, whole)) {
        return;
      }
    }
  }
}
