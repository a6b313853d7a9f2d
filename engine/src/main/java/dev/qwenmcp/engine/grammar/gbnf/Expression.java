package dev.qwenmcp.engine.grammar.gbnf;

import dev.qwenmcp.engine.grammar.regular.CodePoints;
import java.util.List;

/** What stands on the right of a rule. */
sealed interface Expression {

  /** One code point of a set. */
  record Chars(CodePoints set) implements Expression {}

  /** All in turn; none is the empty text. */
  record Sequence(List<Expression> parts) implements Expression {
    public Sequence {
      parts = List.copyOf(parts);
    }
  }

  /** One of them. */
  record Choice(List<Expression> options) implements Expression {
    public Choice {
      options = List.copyOf(options);
    }
  }

  /**
   * A part repeated.
   *
   * @param max {@link #UNBOUNDED} for no bound
   */
  record Repeat(Expression part, int min, int max) implements Expression {
    static final int UNBOUNDED = -1;
  }

  /** A text of another rule, or of the same. */
  record Reference(String rule) implements Expression {}
}
