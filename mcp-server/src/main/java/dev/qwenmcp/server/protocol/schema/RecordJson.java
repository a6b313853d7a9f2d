package dev.qwenmcp.server.protocol.schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records from and to JSON, by the rules that {@link RecordSchema} publishes: properties in snake
 * case, enum constants in lower case, an absent property is null, an unknown one is an error.
 */
public final class RecordJson {
  private static final SnakeCase NAMING = new SnakeCase();

  private final JsonMapper mapper =
      JsonMapper.builder()
          .propertyNamingStrategy(NAMING)
          .annotationIntrospector(new LowerCaseEnums())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .changeDefaultPropertyInclusion(
              include -> include.withValueInclusion(JsonInclude.Include.NON_NULL))
          .build();

  /** The JSON name of a record component. */
  static String propertyName(String component) {
    return NAMING.translate(component);
  }

  static String enumName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a record whose JSON conforms to its schema.
   *
   * @throws SchemaViolationException if a value does not fit its Java type, such as 10<sup>12</sup>
   *     for an int
   */
  public <T extends Record> T read(ObjectNode json, Class<T> type) throws SchemaViolationException {
    try {
      return mapper.treeToValue(json, type);
    } catch (MismatchedInputException e) {
      String target = e.getTargetType() == null ? "fitting" : e.getTargetType().getSimpleName();
      throw new SchemaViolationException(
          List.of(new Violation(path(e), "a value that fits " + target, "one that does not")));
    } catch (JacksonException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String message =
          cause instanceof JacksonException original
              ? original.getOriginalMessage()
              : cause.getMessage();
      throw new SchemaViolationException(
          List.of(new Violation(path(e), "a valid value", String.valueOf(message))));
    }
  }

  /** Writes a record; components that are null are left out. */
  public ObjectNode write(Record value) {
    return mapper.valueToTree(value);
  }

  private static String path(JacksonException e) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : e.getPath()) {
      if (step.getPropertyName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
      }
    }
    return path.toString();
  }

  /** The strategy with its translation in the open, so that schemas use the same one. */
  private static final class SnakeCase extends PropertyNamingStrategies.SnakeCaseStrategy {
    private static final long serialVersionUID = 1L;

    @Override
    public String translate(String name) {
      return super.translate(name);
    }
  }

  /** Constants of enums as the schema lists them. */
  private static final class LowerCaseEnums extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public String[] findEnumValues(
        MapperConfig<?> config, AnnotatedClass type, Enum<?>[] constants, String[] names) {
      for (int i = 0; i < constants.length; i++) {
        names[i] = enumName(constants[i]);
      }
      return names;
    }
  }
}
