package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.knowledge.Filter;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Reads the filter of a search: for each name of metadata a value, a list of values, or an object
 * of {@code gt}, {@code gte}, {@code lt}, {@code lte} and {@code prefix}.
 */
final class FilterArgument {
  static final String DOC =
      "Only passages whose metadata fits all of this, by name: a value (\"2025\"), a list of which"
          + " one fits ([\"a\", \"b\"]), {\"prefix\": \"docs/\"}, or a range of numbers or ISO 8601"
          + " dates ({\"gte\": \"2026-01-01\", \"lt\": \"2026-07-01\"}); $id stands for the"
          + " document's id";

  private static final int MOST_NAMES = 40;
  private static final int MOST_VALUES = 1_000;
  private static final int MOST_CHARACTERS = 4_096;

  private FilterArgument() {}

  /**
   * @param given null for every passage
   * @throws ToolException that names what is wrong
   */
  static Filter parse(Map<String, JsonNode> given) throws ToolException {
    if (given == null) {
      return Filter.ALL;
    }
    if (given.size() > MOST_NAMES) {
      throw invalid("it has %d names, %d are the most".formatted(given.size(), MOST_NAMES));
    }
    List<Filter.Condition> conditions = new ArrayList<>();
    for (Map.Entry<String, JsonNode> each : given.entrySet()) {
      add(each.getKey(), each.getValue(), conditions);
    }
    return new Filter(conditions);
  }

  private static void add(String name, JsonNode wanted, List<Filter.Condition> conditions)
      throws ToolException {
    if (wanted.isArray()) {
      if (wanted.isEmpty() || wanted.size() > MOST_VALUES) {
        throw invalid(
            "\"%s\" has a list of %d values; 1 to %d are possible"
                .formatted(name, wanted.size(), MOST_VALUES));
      }
      List<String> values = new ArrayList<>();
      for (JsonNode value : wanted) {
        values.add(text(name, value));
      }
      conditions.add(new Filter.OneOf(name, values));
    } else if (wanted.isObject()) {
      addObject(name, wanted, conditions);
    } else {
      conditions.add(new Filter.OneOf(name, List.of(text(name, wanted))));
    }
  }

  private static void addObject(String name, JsonNode wanted, List<Filter.Condition> conditions)
      throws ToolException {
    Optional<Filter.Bound> from = Optional.empty();
    Optional<Filter.Bound> to = Optional.empty();
    if (wanted.isEmpty()) {
      throw invalid("\"%s\" asks for nothing".formatted(name));
    }
    for (Map.Entry<String, JsonNode> each : wanted.properties()) {
      String value = text(name, each.getValue());
      switch (each.getKey()) {
        case "prefix" -> conditions.add(new Filter.Prefix(name, value));
        case "gte", "gt" ->
            from = once(name, from, new Filter.Bound(value, each.getKey().equals("gte")));
        case "lte", "lt" ->
            to = once(name, to, new Filter.Bound(value, each.getKey().equals("lte")));
        default ->
            throw invalid(
                "\"%s\" has \"%s\"; gt, gte, lt, lte and prefix are known"
                    .formatted(name, each.getKey()));
      }
    }
    if (from.isPresent() || to.isPresent()) {
      if (name.equals(Filter.ID)) {
        throw invalid(
            "%s is neither a number nor a date; use a value, list or prefix".formatted(name));
      }
      Filter.Range range = new Filter.Range(name, from, to);
      Optional<String> problem = range.problem();
      if (problem.isPresent()) {
        throw invalid("\"%s\": %s".formatted(name, problem.get()));
      }
      conditions.add(range);
    }
  }

  private static Optional<Filter.Bound> once(
      String name, Optional<Filter.Bound> before, Filter.Bound bound) throws ToolException {
    if (before.isPresent()) {
      throw invalid("\"%s\" has two bounds on one side".formatted(name));
    }
    return Optional.of(bound);
  }

  private static String text(String name, JsonNode value) throws ToolException {
    if (!value.isString() && !value.isNumber() && !value.isBoolean()) {
      throw invalid("\"%s\" has %s where a text or a number was expected".formatted(name, value));
    }
    String text = value.asString();
    if (text.length() > MOST_CHARACTERS) {
      throw invalid(
          "\"%s\" has a value of %d characters, %d are the most"
              .formatted(name, text.length(), MOST_CHARACTERS));
    }
    return text;
  }

  private static ToolException invalid(String problem) {
    return new ToolException("invalid_filter", "the filter cannot be used: " + problem);
  }
}
