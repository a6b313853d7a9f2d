package dev.qwenmcp.server.flow.declaration;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Fields of an object in a declaration, checked for their types. */
final class FieldsReader {
  private final ObjectNode object;
  private final String path;
  private final FlowReader.Problems problems;

  FieldsReader(ObjectNode object, String path, FlowReader.Problems problems) {
    this.object = object;
    this.path = path;
    this.problems = problems;
  }

  String path(String field) {
    return FlowText.join(path, field);
  }

  boolean has(String field) {
    return object.has(field);
  }

  /** The value, null if it is left out. */
  JsonNode get(String field) {
    return object.get(field);
  }

  void onlyKnown(Set<String> known) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (!known.contains(field.getKey())) {
        problems.add(
            path(field.getKey()),
            "unknown field; expected one of " + String.join(", ", new TreeSet<>(known)));
      }
    }
  }

  JsonNode required(String field) {
    JsonNode value = object.get(field);
    if (value == null) {
      problems.add(path, "the field " + field + " is missing");
      return JsonNodeFactory.instance.missingNode();
    }
    return value;
  }

  Optional<String> text(String field, int most) {
    JsonNode value = object.get(field);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isString() || value.stringValue().isEmpty() || value.stringValue().length() > most) {
      problems.add(path(field), "expected a text of 1 to %d characters".formatted(most));
      return Optional.empty();
    }
    return Optional.of(value.stringValue());
  }

  /** A name that has to be there. */
  Optional<String> name(String field) {
    JsonNode value = required(field);
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    if (!value.isString() || !FlowReader.NAME.matcher(value.stringValue()).matches()) {
      problems.add(
          path(field),
          "expected a name: a letter, then up to 63 letters, digits, _ or -, found " + value);
      return Optional.empty();
    }
    return Optional.of(value.stringValue());
  }

  int integer(String field, int least, int most, int otherwise) {
    JsonNode value = object.get(field);
    if (value == null) {
      return otherwise;
    }
    if (!value.isInt() && !value.isLong()
        || value.longValue() < least
        || value.longValue() > most) {
      problems.add(
          path(field), "expected an integer from %d to %d, found %s".formatted(least, most, value));
      return otherwise;
    }
    return value.intValue();
  }

  Optional<Double> number(String field, double least, double most) {
    JsonNode value = object.get(field);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isNumber() || value.doubleValue() < least || value.doubleValue() > most) {
      problems.add(
          path(field), "expected a number from %s to %s, found %s".formatted(least, most, value));
      return Optional.empty();
    }
    return Optional.of(value.doubleValue());
  }

  Optional<ObjectNode> object(String field) {
    JsonNode value = object.get(field);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof ObjectNode inner) {
      return Optional.of(inner);
    }
    problems.add(path(field), "expected an object");
    return Optional.empty();
  }

  Optional<Template> template(String field) {
    JsonNode value = object.get(field);
    return value == null
        ? Optional.empty()
        : Optional.of(Template.of(value, path(field), problems));
  }
}
