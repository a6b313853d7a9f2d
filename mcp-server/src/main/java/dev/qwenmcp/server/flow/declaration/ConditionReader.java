package dev.qwenmcp.server.flow.declaration;

import dev.qwenmcp.server.flow.declaration.Condition.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the conditions of a flow. */
final class ConditionReader {
  private static final int MOST_DEPTH = 8;

  private final FlowReader.Problems problems;
  private int depth;

  ConditionReader(FlowReader.Problems problems) {
    this.problems = problems;
  }

  Optional<Condition> read(JsonNode json, String path) {
    if (!(json instanceof ObjectNode object) || object.isEmpty()) {
      problems.add(
          path,
          "expected a condition, such as {value: \"${steps.intent.label}\", equals: refund}, or"
              + " one of {all: […]}, {any: […]}, {not: {…}}");
      return Optional.empty();
    }
    if (depth >= MOST_DEPTH) {
      problems.add(path, "conditions go at most %d levels deep".formatted(MOST_DEPTH));
      return Optional.empty();
    }
    depth++;
    try {
      FieldsReader fields = new FieldsReader(object, path, problems);
      String first = object.propertyNames().iterator().next();
      if (object.size() == 1 && Set.of("all", "any").contains(first)) {
        List<Condition> conditions = list(object.get(first), fields.path(first));
        return Optional.of(
            first.equals("all") ? new Condition.All(conditions) : new Condition.Any(conditions));
      }
      if (object.size() == 1 && first.equals("not")) {
        return read(object.get(first), fields.path(first)).map(Condition.Not::new);
      }
      return comparison(object, fields, path);
    } finally {
      depth--;
    }
  }

  private List<Condition> list(JsonNode json, String path) {
    List<Condition> conditions = new ArrayList<>();
    if (!json.isArray() || json.isEmpty() || json.size() > FlowLimits.STEPS) {
      problems.add(path, "expected a list of 1 to %d conditions".formatted(FlowLimits.STEPS));
      return conditions;
    }
    for (int i = 0; i < json.size(); i++) {
      read(json.get(i), path + "[" + i + "]").ifPresent(conditions::add);
    }
    return conditions;
  }

  private Optional<Condition> comparison(ObjectNode object, FieldsReader fields, String path) {
    Set<String> known =
        Arrays.stream(Operator.values())
            .map(Operator::word)
            .collect(Collectors.toCollection(TreeSet::new));
    List<String> operators = known.stream().filter(object::has).toList();
    known.add("value");
    fields.onlyKnown(known);
    if (!object.has("value") || operators.size() != 1) {
      known.remove("value");
      problems.add(path, "a condition has a value and exactly one of " + String.join(", ", known));
      return Optional.empty();
    }
    String word = operators.getFirst();
    Operator operator = Operator.of(word).orElseThrow();
    JsonNode operand = object.get(word);
    boolean flag = operator == Operator.EXISTS || operator == Operator.EMPTY;
    if (flag && !operand.isBoolean()) {
      problems.add(fields.path(word), "expected true or false, found " + operand);
    }
    return Optional.of(
        new Condition.Comparison(
            Template.of(object.get("value"), fields.path("value"), problems),
            operator,
            Template.of(operand, fields.path(word), problems)));
  }
}
