package dev.qwenmcp.server.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What metadata a passage must have, its own or its document's; all of it.
 *
 * @param conditions each to be met
 */
public record Filter(List<Condition> conditions) {
  /** Every passage. */
  public static final Filter ALL = new Filter(List.of());

  /** In place of a name of metadata: the document's id. */
  public static final String ID = "$id";

  public Filter {
    conditions = List.copyOf(conditions);
  }

  /** One thing that must hold. */
  public sealed interface Condition {
    /** Name of the metadata, or {@link #ID}. */
    String name();
  }

  /** The value is one of these. */
  public record OneOf(String name, List<String> values) implements Condition {
    public OneOf {
      values = List.copyOf(values);
    }
  }

  /** The value begins so. */
  public record Prefix(String name, String prefix) implements Condition {}

  /**
   * The value is a number, or a date, from one bound to the other.
   *
   * @param from least, if any
   * @param to largest, if any
   */
  public record Range(String name, Optional<Bound> from, Optional<Bound> to) implements Condition {
    /** What is wrong with it, for people; empty if it can be searched for. */
    public Optional<String> problem() {
      return Metadata.problem(this);
    }
  }

  /**
   * An end of a range.
   *
   * @param value a number or an ISO 8601 date or instant
   * @param included whether the value itself belongs to it; a date is a whole day
   */
  public record Bound(String value, boolean included) {}

  /** Metadata that has exactly these values. */
  public static Filter equal(Map<String, String> values) {
    List<Condition> conditions = new ArrayList<>();
    values.forEach((name, value) -> conditions.add(new OneOf(name, List.of(value))));
    return new Filter(conditions);
  }
}
