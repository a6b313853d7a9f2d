package dev.qwenmcp.server.protocol;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Builds the schema of a {@link Question.Form}: a flat object of fields that users can fill in. */
public final class FormSchema {
  private final ObjectNode properties = JsonNodeFactory.instance.objectNode();
  private final ArrayNode required = JsonNodeFactory.instance.arrayNode();

  /**
   * One field.
   *
   * @param name in the answer
   * @param description for the user
   * @param required whether it has to be filled in
   * @param otherwise what stands there at first, null for nothing
   */
  public record Field(String name, String description, boolean required, JsonNode otherwise) {

    /** A field that has to be filled in and is empty at first. */
    public static Field needed(String name, String description) {
      return new Field(name, description, true, null);
    }

    /** A field with something in it that the user may leave. */
    public static Field withDefault(String name, String description, JsonNode otherwise) {
      return new Field(name, description, false, otherwise);
    }
  }

  /** Words. */
  public FormSchema text(Field field) {
    return add(field, typed("string"));
  }

  /** A whole number. */
  public FormSchema integer(Field field) {
    return add(field, typed("integer"));
  }

  /** A number. */
  public FormSchema number(Field field) {
    return add(field, typed("number"));
  }

  /** Yes or no. */
  public FormSchema flag(Field field) {
    return add(field, typed("boolean"));
  }

  /** One of some values. */
  public FormSchema choice(Field field, List<String> values) {
    ObjectNode schema = typed("string");
    values.forEach(schema.putArray("enum")::add);
    return add(field, schema);
  }

  /** One of some values, which people see by their titles. */
  public FormSchema titledChoice(Field field, Map<String, String> titles) {
    ObjectNode schema = typed("string");
    putTitles(schema.putArray("oneOf"), titles);
    return add(field, schema);
  }

  /** Any of some values. */
  public FormSchema choices(Field field, List<String> values) {
    ObjectNode schema = typed("array");
    values.forEach(schema.putObject("items").put("type", "string").putArray("enum")::add);
    return add(field, schema);
  }

  /** Any of some values, which people see by their titles. */
  public FormSchema titledChoices(Field field, Map<String, String> titles) {
    ObjectNode schema = typed("array");
    putTitles(schema.putObject("items").putArray("anyOf"), titles);
    return add(field, schema);
  }

  /** A field whose schema is given, such as that of a tool's argument. */
  public FormSchema like(Field field, ObjectNode schema) {
    return add(field, schema.deepCopy());
  }

  private static ObjectNode typed(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  private static void putTitles(ArrayNode list, Map<String, String> titles) {
    titles.forEach((value, title) -> list.addObject().put("const", value).put("title", title));
  }

  private FormSchema add(Field field, ObjectNode schema) {
    schema.put("description", field.description());
    if (field.otherwise() != null) {
      schema.set("default", field.otherwise());
    }
    if (field.required()) {
      required.add(field.name());
    }
    properties.set(field.name(), schema);
    return this;
  }

  /** The schema. */
  public ObjectNode build() {
    ObjectNode schema = typed("object");
    schema.set("properties", properties.deepCopy());
    if (!required.isEmpty()) {
      schema.set("required", required.deepCopy());
    }
    return schema;
  }
}
