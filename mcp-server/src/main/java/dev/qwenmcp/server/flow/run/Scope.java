package dev.qwenmcp.server.flow.run;

import dev.qwenmcp.server.flow.declaration.Condition;
import dev.qwenmcp.server.flow.declaration.Reference;
import dev.qwenmcp.server.flow.declaration.Template;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The values that templates can refer to at one place of a run; safe for many threads.
 *
 * <p>A round of a loop has a scope of its own inside of the loop's: it sees what is outside, and
 * its steps' results stay inside.
 */
final class Scope {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Optional<Scope> outer;

  /** Values by root: inputs, flow, samples, variables. */
  private final Map<String, JsonNode> roots;

  private final Map<String, JsonNode> results = new ConcurrentHashMap<>();

  private Scope(Optional<Scope> outer, Map<String, JsonNode> roots) {
    this.outer = outer;
    this.roots = new HashMap<>(roots);
  }

  static Scope of(Map<String, JsonNode> roots) {
    return new Scope(Optional.empty(), roots);
  }

  Scope inner(Map<String, JsonNode> variables) {
    return new Scope(Optional.of(this), variables);
  }

  void result(String step, JsonNode value) {
    results.put(step, value);
  }

  /** The results of this scope's own steps. */
  ObjectNode results() {
    ObjectNode all = JSON.objectNode();
    results.forEach(all::set);
    return all;
  }

  /**
   * Fills a template in.
   *
   * @throws MissingValueException if a reference has no value
   */
  JsonNode fill(Template template) throws MissingValueException {
    switch (template) {
      case Template.Constant constant -> {
        return constant.value();
      }
      case Template.Value value -> {
        return resolve(value.reference());
      }
      case Template.Text text -> {
        StringBuilder filled = new StringBuilder();
        for (Object part : text.parts()) {
          filled.append(part instanceof Reference reference ? inWords(resolve(reference)) : part);
        }
        return JSON.stringNode(filled.toString());
      }
      case Template.Fields fields -> {
        ObjectNode object = JSON.objectNode();
        for (Map.Entry<String, Template> field : fields.fields().entrySet()) {
          object.set(field.getKey(), fill(field.getValue()));
        }
        return object;
      }
      case Template.Items items -> {
        ArrayNode array = JSON.arrayNode();
        for (Template item : items.items()) {
          array.add(fill(item));
        }
        return array;
      }
    }
  }

  /** A value inside of a text: texts as they are, nothing for null, other values as JSON. */
  private static String inWords(JsonNode value) {
    if (value.isString()) {
      return value.stringValue();
    }
    return value.isNull() ? "" : value.toString();
  }

  private JsonNode resolve(Reference reference) throws MissingValueException {
    return find(reference).orElseThrow(() -> new MissingValueException(reference));
  }

  private Optional<JsonNode> find(Reference reference) {
    for (Reference.Alternative alternative : reference.alternatives()) {
      Optional<JsonNode> value =
          switch (alternative) {
            case Reference.Literal literal -> Optional.of(literal.value());
            case Reference.Path path -> at(path);
          };
      boolean last = alternative == reference.alternatives().getLast();
      if (value.isPresent() && (last || !value.get().isNull())) {
        return value;
      }
    }
    return Optional.empty();
  }

  private Optional<JsonNode> at(Reference.Path path) {
    Optional<JsonNode> value;
    List<Reference.Part> rest = path.rest();
    if (path.root().equals("steps")) {
      value = path.name(0).flatMap(this::resultOf);
      rest = rest.isEmpty() ? rest : rest.subList(1, rest.size());
    } else {
      value = root(path.root());
    }
    for (Reference.Part part : rest) {
      value =
          value.map(json ->
              switch (part) {
                case Reference.Name name -> json.get(name.name());
                case Reference.Index index -> json.get(index.index());
              });
    }
    return value;
  }

  private Optional<JsonNode> resultOf(String step) {
    JsonNode own = results.get(step);
    return own != null ? Optional.of(own) : outer.flatMap(scope -> scope.resultOf(step));
  }

  private Optional<JsonNode> root(String name) {
    JsonNode own = roots.get(name);
    return own != null ? Optional.of(own) : outer.flatMap(scope -> scope.root(name));
  }

  /**
   * Whether a condition holds.
   *
   * @throws MissingValueException if what a value is compared with is missing; a missing value
   *     itself equals nothing
   */
  boolean holds(Condition condition) throws MissingValueException {
    switch (condition) {
      case Condition.All all -> {
        for (Condition each : all.conditions()) {
          if (!holds(each)) {
            return false;
          }
        }
        return true;
      }
      case Condition.Any any -> {
        for (Condition each : any.conditions()) {
          if (holds(each)) {
            return true;
          }
        }
        return false;
      }
      case Condition.Not not -> {
        return !holds(not.condition());
      }
      case Condition.Comparison comparison -> {
        JsonNode value;
        try {
          value = fill(comparison.value());
        } catch (MissingValueException e) {
          value = JSON.nullNode();
        }
        return compare(value, comparison.operator(), fill(comparison.operand()));
      }
    }
  }

  private static boolean compare(JsonNode value, Condition.Operator operator, JsonNode operand) {
    return switch (operator) {
      case EQUALS -> same(value, operand);
      case NOT_EQUALS -> !same(value, operand);
      case IN -> operand.isArray() && holdsItem(operand, value);
      case CONTAINS ->
          value.isArray()
              ? holdsItem(value, operand)
              : value.isString()
                  && operand.isString()
                  && value.stringValue().contains(operand.stringValue());
      case AT_LEAST -> value.isNumber() && operand.isNumber() && order(value, operand) >= 0;
      case AT_MOST -> value.isNumber() && operand.isNumber() && order(value, operand) <= 0;
      case EXISTS -> value.isNull() != operand.booleanValue();
      case EMPTY -> isEmpty(value) == operand.booleanValue();
    };
  }

  private static boolean same(JsonNode a, JsonNode b) {
    return a.isNumber() && b.isNumber() ? order(a, b) == 0 : a.equals(b);
  }

  private static int order(JsonNode a, JsonNode b) {
    return a.decimalValue().compareTo(b.decimalValue());
  }

  private static boolean holdsItem(JsonNode list, JsonNode wanted) {
    for (JsonNode item : list) {
      if (same(item, wanted)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isEmpty(JsonNode value) {
    return value.isNull()
        || value.isString() && value.stringValue().isEmpty()
        || value.isContainer() && value.isEmpty();
  }
}
