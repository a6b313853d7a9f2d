package dev.qwenmcp.engine.grammar.regular;

import java.util.ArrayList;
import java.util.List;

/** Recursive descent over ECMAScript's pattern syntax; see {@link Regex} for what is understood. */
final class RegexParser {
  private static final int MAX_DEPTH = 200;

  /** Larger bounds would only run into {@link Effort}'s limit. */
  private static final int MAX_REPEAT = 100_000;

  private final String pattern;
  private int at;
  private int depth;

  RegexParser(String pattern) {
    this.pattern = pattern;
  }

  Regex parse() {
    Regex regex = choice();
    if (at < pattern.length()) {
      throw error("unmatched ')'");
    }
    return regex;
  }

  private Regex choice() {
    if (++depth > MAX_DEPTH) {
      throw error("groups are nested deeper than " + MAX_DEPTH);
    }
    List<Regex> options = new ArrayList<>();
    do {
      options.add(sequence());
    } while (skip("|"));
    depth--;
    return options.size() == 1 ? options.getFirst() : new Regex.Choice(options);
  }

  private Regex sequence() {
    List<Regex> parts = new ArrayList<>();
    while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
      parts.add(quantified());
    }
    return parts.size() == 1 ? parts.getFirst() : new Regex.Sequence(parts);
  }

  private Regex quantified() {
    int start = at;
    Regex part = atom();
    if (skip("*")) {
      part = new Regex.Repeat(part, 0, Regex.Repeat.UNBOUNDED);
    } else if (skip("+")) {
      part = new Regex.Repeat(part, 1, Regex.Repeat.UNBOUNDED);
    } else if (skip("?")) {
      part = new Regex.Repeat(part, 0, 1);
    } else if (at < pattern.length() && pattern.charAt(at) == '{') {
      Regex bounded = bounds(part);
      if (bounded == null) {
        return part; // a brace that is an ordinary character
      }
      part = bounded;
    } else {
      return part;
    }
    if (((Regex.Repeat) part).part() instanceof Regex.Lookahead) {
      at = start;
      throw error("a repeated lookahead is not supported");
    }
    skip("?"); // lazy: the same language
    if (at < pattern.length() && "*+?".indexOf(pattern.charAt(at)) >= 0) {
      throw error("nothing to repeat");
    }
    return part;
  }

  private Regex bounds(Regex part) {
    int start = at++;
    int min = digits();
    int max = min;
    if (min >= 0 && skip(",")) {
      max = digits(); // -1, unbounded, where none stand
    }
    if (min < 0 || !skip("}")) {
      at = start;
      return null;
    }
    if (max >= 0 && max < min) {
      at = start;
      throw error("the bounds of a repetition are reversed");
    }
    return new Regex.Repeat(part, min, max);
  }

  /** A number, or -1 if none stands here. */
  private int digits() {
    int start = at;
    while (at < pattern.length() && pattern.charAt(at) >= '0' && pattern.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      return -1;
    }
    if (at - start > 6 || Integer.parseInt(pattern.substring(start, at)) > MAX_REPEAT) {
      at = start;
      throw error("repetitions are supported up to " + MAX_REPEAT);
    }
    return Integer.parseInt(pattern.substring(start, at));
  }

  private Regex atom() {
    int c = pattern.codePointAt(at);
    switch (c) {
      case '(' -> {
        return group();
      }
      case '[' -> {
        return new Regex.Chars(new RegexClassParser(this).bracket());
      }
      case '.' -> {
        at++;
        return new Regex.Chars(CharClasses.DOT);
      }
      case '^' -> {
        at++;
        return new Regex.Begin();
      }
      case '$' -> {
        at++;
        return new Regex.End();
      }
      case '*', '+', '?' -> throw error("nothing to repeat");
      case '\\' -> {
        return new Regex.Chars(new RegexClassParser(this).escape(false));
      }
      case '{' -> {
        int start = at;
        Regex bounds = bounds(new Regex.Begin());
        at = start;
        if (bounds != null) {
          throw error("nothing to repeat");
        }
        at++;
        return new Regex.Chars(CodePoints.of(c));
      }
      default -> {
        at += Character.charCount(c);
        return new Regex.Chars(CodePoints.of(c));
      }
    }
  }

  private Regex group() {
    int start = at++;
    boolean lookahead = false;
    boolean negative = false;
    if (skip("?")) {
      if (skip("=")) {
        lookahead = true;
      } else if (skip("!")) {
        lookahead = true;
        negative = true;
      } else if (skip("<=") || skip("<!")) {
        at = start;
        throw error("lookbehind is not supported");
      } else if (skip("<") || skip("P<")) {
        int end = pattern.indexOf('>', at);
        if (end < 0) {
          throw error("the name of a group must end with '>'");
        }
        at = end + 1;
      } else if (!skip(":")) {
        at = start;
        throw error("flags in groups are not supported");
      }
    }
    Regex part = choice();
    if (!skip(")")) {
      at = start;
      throw error("unmatched '('");
    }
    return lookahead ? new Regex.Lookahead(part, negative) : part;
  }

  // What the parser of classes and escapes works with.

  boolean atEnd() {
    return at >= pattern.length();
  }

  boolean skip(String text) {
    boolean there = pattern.startsWith(text, at);
    at += there ? text.length() : 0;
    return there;
  }

  /** The next code point, passed over. */
  int next() {
    if (atEnd()) {
      throw error("the expression ends early");
    }
    int c = pattern.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  /** The next code point, or -1 at the end. */
  int peek() {
    return atEnd() ? -1 : pattern.codePointAt(at);
  }

  String until(char end) {
    int to = pattern.indexOf(end, at);
    if (to < 0) {
      throw error("'" + end + "' is missing");
    }
    String text = pattern.substring(at, to);
    at = to + 1;
    return text;
  }

  int hex(int digits) {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int c = next();
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw error(digits + " hexadecimal digits must stand here");
      }
      value = value << 4 | digit;
    }
    return value;
  }

  RegularLanguageException error(String problem) {
    return new RegularLanguageException(
        problem + " at index " + at + " of the expression " + pattern);
  }
}
