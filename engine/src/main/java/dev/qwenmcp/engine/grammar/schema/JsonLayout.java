package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.ByteTerminal;
import dev.qwenmcp.engine.grammar.regular.Effort;
import dev.qwenmcp.engine.grammar.regular.Regex;

/** Where white space may stand in the JSON that is written. */
public enum JsonLayout {
  /** Nowhere. */
  COMPACT,
  /** One space, or none, after each comma and colon: what models write on one line. */
  ONE_LINE,
  /** Wherever JSON allows it, at most 64 characters at a time, as indented text needs. */
  FREE;

  /** The terminals of one grammar; shared by all of its rules. */
  record Marks(
      ByteTerminal openObject,
      ByteTerminal closeObject,
      ByteTerminal openArray,
      ByteTerminal closeArray,
      ByteTerminal comma,
      ByteTerminal colon) {}

  Marks marks() {
    String space = "[ \\t\\n\\r]{0,64}";
    return switch (this) {
      case COMPACT -> marks("", "");
      case ONE_LINE -> marks("", " ?");
      case FREE -> marks(space, space);
    };
  }

  private Marks marks(String around, String after) {
    return new Marks(
        mark("\\{" + around),
        mark(around + "\\}"),
        mark("\\[" + around),
        mark(around + "\\]"),
        mark(around + "," + after),
        mark(around + ":" + after));
  }

  private static ByteTerminal mark(String expression) {
    return new ByteTerminal(Regex.parse(expression).matching(new Effort()));
  }
}
