package dev.qwenmcp.engine.grammar.gbnf;

import dev.qwenmcp.engine.grammar.GrammarException;

/** A place in the source of a grammar. */
final class GbnfCursor {
  private final String source;
  private int at;

  GbnfCursor(String source) {
    this.source = source;
  }

  int position() {
    return at;
  }

  void moveTo(int position) {
    at = position;
  }

  boolean atEnd() {
    return at >= source.length();
  }

  boolean atLineEnd() {
    return at('\n') || at('\r');
  }

  boolean at(char c) {
    return !atEnd() && source.charAt(at) == c;
  }

  boolean looking(String text) {
    return source.startsWith(text, at);
  }

  boolean skip(String text) {
    boolean there = looking(text);
    at += there ? text.length() : 0;
    return there;
  }

  /**
   * Passes over spaces, tabs and comments.
   *
   * @param lines over ends of lines as well
   */
  void space(boolean lines) {
    while (!atEnd()) {
      char c = source.charAt(at);
      if (c == '#') {
        while (!atEnd() && !atLineEnd()) {
          at++;
        }
      } else if (c == ' ' || c == '\t' || lines && atLineEnd()) {
        at++;
      } else {
        return;
      }
    }
  }

  /** The name of a rule; empty if none stands here. */
  String name() {
    int start = at;
    while (!atEnd() && nameCharacter(source.charAt(at))) {
      at++;
    }
    return source.substring(start, at);
  }

  private static boolean nameCharacter(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '-'
        || c == '_';
  }

  /** A number up to {@code most}, or -1 if none stands here. */
  int number(int most) {
    int start = at;
    int value = 0;
    while (!atEnd() && source.charAt(at) >= '0' && source.charAt(at) <= '9') {
      value = 10 * value + source.charAt(at) - '0';
      if (value > most) {
        at = start;
        return -1;
      }
      at++;
    }
    return at == start ? -1 : value;
  }

  /** The next code point of a literal or class, escapes read. */
  int character() {
    int c = source.codePointAt(at);
    if (c != '\\') {
      at += Character.charCount(c);
      return c;
    }
    if (at + 1 >= source.length()) {
      throw error("an escape ends early");
    }
    char escape = source.charAt(at + 1);
    int simple = "tnr\"\\[]-^".indexOf(escape);
    if (simple >= 0) {
      at += 2;
      return "\t\n\r\"\\[]-^".charAt(simple);
    }
    return switch (escape) {
      case 'x' -> hexadecimal(2);
      case 'u' -> hexadecimal(4);
      case 'U' -> hexadecimal(8);
      default ->
          throw error(
              "the escape \\"
                  + Character.toString(source.codePointAt(at + 1))
                  + " is not known; \\n \\r \\t \\\" \\\\ \\[ \\] \\- \\^ \\xHH \\uHHHH \\UHHHHHHHH"
                  + " are");
    };
  }

  private int hexadecimal(int digits) {
    int end = at + 2 + digits;
    String text = end <= source.length() ? source.substring(at + 2, end) : "";
    if (!text.matches("[0-9a-fA-F]+") || Long.parseLong(text, 16) > Character.MAX_CODE_POINT) {
      throw error(
          digits + " hexadecimal digits of a code point up to 10FFFF must follow the escape");
    }
    at = end;
    return Integer.parseInt(text, 16);
  }

  /** An error at this place. */
  GrammarException error(String problem) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < Math.min(at, source.length()); i++) {
      if (source.charAt(i) == '\n') {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    return new GrammarException("grammar, line " + line + ", column " + column, problem);
  }
}
