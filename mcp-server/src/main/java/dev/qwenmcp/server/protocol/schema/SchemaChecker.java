package dev.qwenmcp.server.protocol.schema;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.path.NodePath;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks JSON against a schema and says what is wrong in terms of path, expected and found.
 *
 * <p>The validator is built on first use, so that a server with many tools starts at once. Safe for
 * many threads.
 */
public final class SchemaChecker {
  private static final int FOUND_CHARS = 60;

  private final ObjectNode schema;
  private volatile Schema compiled;

  public SchemaChecker(ObjectNode schema) {
    this.schema = schema;
  }

  /**
   * @throws SchemaViolationException listing every violation
   */
  public void check(JsonNode value) throws SchemaViolationException {
    List<Error> errors = compiled().validate(value);
    if (!errors.isEmpty()) {
      throw new SchemaViolationException(errors.stream().map(this::violation).toList());
    }
  }

  /** Does at once what the first check would have to do. */
  public void prepare() {
    compiled();
  }

  private Schema compiled() {
    Schema known = compiled;
    if (known == null) {
      synchronized (this) {
        known = compiled;
        if (known == null) {
          known = SchemaRegistry.withDialect(Dialects.getDraft202012()).getSchema(schema);
          compiled = known;
        }
      }
    }
    return known;
  }

  private Violation violation(Error error) {
    String path = path(error.getInstanceLocation());
    JsonNode bound = error.getSchemaNode();
    String found = found(error.getInstanceNode());
    return switch (error.getKeyword()) {
      case "required" -> new Violation(join(path, error.getProperty()), "a value", "nothing");
      case "additionalProperties" ->
          new Violation(join(path, error.getProperty()), known(error), "an unknown name");
      case "type" -> new Violation(path, type(bound), found);
      case "enum" -> new Violation(path, "one of " + bound, found);
      case "minimum" -> new Violation(path, "at least " + bound, found);
      case "maximum" -> new Violation(path, "at most " + bound, found);
      case "minLength" ->
          new Violation(path, "at least " + bound + " characters", length(error.getInstanceNode()));
      case "maxLength" ->
          new Violation(path, "at most " + bound + " characters", length(error.getInstanceNode()));
      case "minItems" ->
          new Violation(path, "at least " + bound + " items", "" + error.getInstanceNode().size());
      case "maxItems" ->
          new Violation(path, "at most " + bound + " items", "" + error.getInstanceNode().size());
      default -> new Violation(path, error.getKeyword() + " " + bound, found);
    };
  }

  private static String type(JsonNode bound) {
    return switch (bound.asString("")) {
      case "string" -> "a string";
      case "integer" -> "an integer";
      case "number" -> "a number";
      case "boolean" -> "true or false";
      case "array" -> "an array";
      case "object" -> "an object";
      default -> bound.toString();
    };
  }

  /** The names that the object with the unknown one may have. */
  private String known(Error error) {
    JsonNode here = schema;
    for (int i = 0; i < error.getInstanceLocation().getNameCount(); i++) {
      Object step = error.getInstanceLocation().getElement(i);
      here =
          step instanceof Integer
              ? here.path("items")
              : here.path("properties").path(String.valueOf(step));
    }
    List<String> names =
        here.path("properties").properties().stream().map(Map.Entry::getKey).toList();
    return names.isEmpty() ? "no properties" : "only " + String.join(", ", names);
  }

  private static String length(JsonNode text) {
    String value = text.asString("");
    return Integer.toString(value.codePointCount(0, value.length()));
  }

  private static String found(JsonNode node) {
    if (node == null) {
      return "nothing";
    }
    String json = node.toString();
    return json.length() <= FOUND_CHARS ? json : json.substring(0, FOUND_CHARS) + "…";
  }

  private static String join(String path, String property) {
    return path.isEmpty() ? property : path + "." + property;
  }

  private static String path(NodePath location) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < location.getNameCount(); i++) {
      Object step = location.getElement(i);
      if (step instanceof Integer) {
        path.append('[').append(step).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step);
      }
    }
    return path.toString();
  }
}
