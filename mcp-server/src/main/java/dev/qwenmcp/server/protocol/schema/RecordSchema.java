package dev.qwenmcp.server.protocol.schema;

import dev.qwenmcp.server.protocol.Doc;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Derives the JSON Schema (2020-12, which MCP assumes where {@code $schema} is absent) of a record.
 *
 * <p>Types: String, numbers, Boolean, enums, {@link Instant}, {@link LocalDate}, {@link Duration}
 * (strings), lists of these, nested records, maps with String keys, {@link ObjectNode} (any object)
 * and {@link JsonNode} (any JSON). Nested records are written out where they are used, since some
 * clients do not follow {@code $ref}; so a record may not contain itself.
 */
public final class RecordSchema {
  private static final Set<Class<?>> WHOLE =
      Set.of(int.class, long.class, short.class, Integer.class, Long.class, Short.class);
  private static final Set<Class<?>> REAL =
      Set.of(double.class, float.class, Double.class, Float.class);
  private static final Set<Class<?>> FLAG = Set.of(boolean.class, Boolean.class);
  private static final Map<Class<?>, String> TEMPORAL =
      Map.of(Instant.class, "date-time", LocalDate.class, "date", Duration.class, "duration");

  /** Types that HTTP headers can repeat, and names that these may have. */
  private static final Set<String> HEADERS = Set.of("string", "integer", "boolean");

  private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

  private final boolean strict;
  private final Deque<Class<?>> path = new ArrayDeque<>();

  private RecordSchema(boolean strict) {
    this.strict = strict;
  }

  /**
   * The schema of a tool's arguments: every component documented, no other property allowed.
   *
   * @throws IllegalArgumentException if the record cannot be described, with the component's name
   */
  public static ObjectNode ofArguments(Class<? extends Record> type) {
    return new RecordSchema(true).object(type);
  }

  /**
   * The schema of a tool's result.
   *
   * @throws IllegalArgumentException if the record cannot be described, with the component's name
   */
  public static ObjectNode ofResult(Class<? extends Record> type) {
    return new RecordSchema(false).object(type);
  }

  private ObjectNode object(Class<?> type) {
    if (path.contains(type)) {
      throw new IllegalArgumentException(type.getName() + " contains itself");
    }
    path.push(type);
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = JsonNodeFactory.instance.arrayNode();
    for (RecordComponent component : type.getRecordComponents()) {
      String name = RecordJson.propertyName(component.getName());
      Doc doc = component.getAnnotation(Doc.class);
      try {
        properties.set(name, property(component, doc));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            type.getSimpleName() + "." + component.getName() + ": " + e.getMessage(), e);
      }
      if (doc == null || !doc.optional()) {
        required.add(name);
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    if (strict) {
      schema.put("additionalProperties", false);
    }
    path.pop();
    return schema;
  }

  private ObjectNode property(RecordComponent component, Doc doc) {
    if (doc == null) {
      if (strict) {
        throw new IllegalArgumentException("arguments carry @Doc");
      }
      return of(component.getGenericType());
    }
    if (doc.optional() && component.getType().isPrimitive()) {
      throw new IllegalArgumentException("optional components are no primitives");
    }
    ObjectNode schema = of(component.getGenericType());
    constrain(schema, doc);
    if (!doc.header().isEmpty()) {
      require(HEADERS.contains(schema.path("type").asString("")), "header");
      if (!HEADER_NAME.matcher(doc.header()).matches()) {
        throw new IllegalArgumentException("no name of a header: '" + doc.header() + "'");
      }
      schema.put("x-mcp-header", doc.header());
    }
    return schema.put("description", doc.value());
  }

  private ObjectNode of(Type type) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    if (type instanceof ParameterizedType generic) {
      List<Type> parameters = List.of(generic.getActualTypeArguments());
      if (generic.getRawType() == List.class) {
        schema.put("type", "array").set("items", of(parameters.getFirst()));
        return schema;
      }
      if (generic.getRawType() == Map.class && parameters.getFirst() == String.class) {
        schema.put("type", "object");
        if (parameters.getLast() != Object.class) {
          schema.set("additionalProperties", of(parameters.getLast()));
        }
        return schema;
      }
    } else if (type instanceof Class<?> plain) {
      if (plain.isRecord()) {
        return object(plain);
      }
      if (plain == JsonNode.class) {
        return schema;
      }
      if (plain == ObjectNode.class) {
        return schema.put("type", "object");
      }
      if (plain.isEnum()) {
        ArrayNode names = schema.put("type", "string").putArray("enum");
        Arrays.stream(plain.getEnumConstants())
            .forEach(constant -> names.add(RecordJson.enumName((Enum<?>) constant)));
        return schema;
      }
      if (TEMPORAL.containsKey(plain)) {
        return schema.put("type", "string").put("format", TEMPORAL.get(plain));
      }
      if (scalar(plain) != null) {
        return schema.put("type", scalar(plain));
      }
    }
    throw new IllegalArgumentException("no schema is known for " + type.getTypeName());
  }

  private static String scalar(Class<?> type) {
    if (type == String.class) {
      return "string";
    }
    if (WHOLE.contains(type)) {
      return "integer";
    }
    if (REAL.contains(type)) {
      return "number";
    }
    return FLAG.contains(type) ? "boolean" : null;
  }

  /** Turns the annotation's bounds into the keywords of the component's type. */
  private static void constrain(ObjectNode schema, Doc doc) {
    String type = schema.path("type").asString("");
    boolean number = type.equals("integer") || type.equals("number");
    boolean text = type.equals("string");
    boolean list = type.equals("array");
    if (!Double.isNaN(doc.min())) {
      require(number, "min");
      putNumber(schema, "minimum", doc.min());
    }
    if (!Double.isNaN(doc.max())) {
      require(number, "max");
      putNumber(schema, "maximum", doc.max());
    }
    if (doc.minSize() >= 0) {
      require(text || list, "minSize");
      schema.put(text ? "minLength" : "minItems", doc.minSize());
    }
    if (doc.maxSize() >= 0) {
      require(text || list, "maxSize");
      schema.put(text ? "maxLength" : "maxItems", doc.maxSize());
    }
    if (doc.oneOf().length > 0) {
      ObjectNode chosen = list ? (ObjectNode) schema.get("items") : schema;
      require(chosen.path("type").asString("").equals("string"), "oneOf");
      ArrayNode values = chosen.putArray("enum");
      Arrays.stream(doc.oneOf()).forEach(values::add);
    }
  }

  private static void require(boolean applies, String bound) {
    if (!applies) {
      throw new IllegalArgumentException("@Doc " + bound + " does not fit the type");
    }
  }

  private static void putNumber(ObjectNode schema, String keyword, double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
      schema.put(keyword, (long) value);
    } else {
      schema.put(keyword, value);
    }
  }
}
