package dev.qwenmcp.server.protocol;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes a record component in a derived JSON schema.
 *
 * <p>The JSON property is the component's name in snake case: {@code contextId} becomes {@code
 * context_id}; constants of an enum are their names in lower case. Components of arguments must
 * carry this annotation; those of results should, and are required where they do not.
 *
 * <p>A component is required unless {@link #optional()}; an absent one (or JSON null) arrives as
 * null, so optional components are never primitives; in a result, a null optional component is left
 * out. Numeric bounds and length bounds become schema keywords and are validated before the tool
 * runs.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Doc {
  /** What it means, for people and models. */
  String value();

  /** Whether a call may leave it out. */
  boolean optional() default false;

  /** Smallest number, or NaN. */
  double min() default Double.NaN;

  /** Largest number, or NaN. */
  double max() default Double.NaN;

  /** Fewest characters of a string or items of a list, or -1. */
  int minSize() default -1;

  /** Most characters of a string or items of a list, or -1. */
  int maxSize() default -1;

  /** The only strings allowed, if any. */
  String[] oneOf() default {};

  /**
   * Rest of the name of an HTTP header that repeats the argument, {@code Mcp-Param-…}, so that what
   * stands before the server can route by it; empty for none. Texts, whole numbers and booleans
   * only.
   */
  String header() default "";
}
