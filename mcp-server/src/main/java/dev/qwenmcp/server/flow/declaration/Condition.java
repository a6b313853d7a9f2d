package dev.qwenmcp.server.flow.declaration;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** When a step runs. */
public sealed interface Condition {

  /** A value compared with another. */
  record Comparison(Template value, Operator operator, Template operand) implements Condition {}

  /** All of them; true if there is none. */
  record All(List<Condition> conditions) implements Condition {
    public All {
      conditions = List.copyOf(conditions);
    }
  }

  /** At least one of them. */
  record Any(List<Condition> conditions) implements Condition {
    public Any {
      conditions = List.copyOf(conditions);
    }
  }

  /** The opposite. */
  record Not(Condition condition) implements Condition {}

  /** How values are compared; a value that is not there equals nothing. */
  enum Operator {
    /** The same JSON; numbers by their value. */
    EQUALS,
    NOT_EQUALS,
    /** The operand is a list that holds the value. */
    IN,
    /** The value is a list that holds the operand, or a text that it is part of. */
    CONTAINS,
    /** Numbers: not less. */
    AT_LEAST,
    /** Numbers: not more. */
    AT_MOST,
    /** The operand is true or false: whether there is a value, and not null. */
    EXISTS,
    /**
     * The operand is true or false: whether it is missing, null, or a text, list or object of size
     * 0.
     */
    EMPTY;

    /** As declarations write it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Operator> of(String word) {
      for (Operator operator : values()) {
        if (operator.word().equals(word)) {
          return Optional.of(operator);
        }
      }
      return Optional.empty();
    }
  }

  /** Shows all references to somebody. */
  default void eachReference(Consumer<Reference> visitor) {
    switch (this) {
      case Comparison c -> {
        c.value().eachReference(visitor);
        c.operand().eachReference(visitor);
      }
      case All all -> all.conditions().forEach(c -> c.eachReference(visitor));
      case Any any -> any.conditions().forEach(c -> c.eachReference(visitor));
      case Not not -> not.condition().eachReference(visitor);
    }
  }
}
