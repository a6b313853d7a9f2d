package dev.qwenmcp.server.install;

import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a TOML text, told apart as far as tables are concerned: strings over several lines
 * and arrays over several lines belong to the line on which they begin.
 */
final class TomlLines {
  private final String text;
  private int at;

  private TomlLines(String text) {
    this.text = text;
  }

  /**
   * A line, or several that belong together.
   *
   * @param begin offset of its first character
   * @param end offset after its line break
   * @param key of a table's header or of a value, in parts; empty for blank lines and comments
   * @param header whether it begins a table
   */
  record Line(int begin, int end, List<String> key, boolean header) {
    Line {
      key = List.copyOf(key);
    }
  }

  /**
   * Divides a text.
   *
   * @throws InstallException if something is not closed, or a line is none of TOML's
   */
  static List<Line> of(String text) throws InstallException {
    TomlLines lines = new TomlLines(text);
    List<Line> all = new ArrayList<>();
    while (lines.at < text.length()) {
      all.add(lines.next());
    }
    return all;
  }

  private Line next() throws InstallException {
    int begin = at;
    blanks();
    if (ended() || peek("#")) {
      toEndOfLine();
      return new Line(begin, at, List.of(), false);
    }
    if (peek("[")) {
      boolean several = peek("[[");
      at += several ? 2 : 1;
      List<String> key = key();
      String close = several ? "]]" : "]";
      if (!peek(close)) {
        throw wrong("expected " + close);
      }
      at += close.length();
      lineMustEnd();
      return new Line(begin, at, key, true);
    }
    List<String> key = key();
    if (!peek("=")) {
      throw wrong("expected key = value");
    }
    at++;
    value();
    lineMustEnd();
    return new Line(begin, at, key, false);
  }

  private List<String> key() throws InstallException {
    List<String> parts = new ArrayList<>();
    while (true) {
      blanks();
      if (peek("\"") || peek("'")) {
        int begin = at;
        string();
        parts.add(text.substring(begin + 1, at - 1));
      } else {
        int begin = at;
        while (at < text.length() && bare(text.charAt(at))) {
          at++;
        }
        if (begin == at) {
          throw wrong("expected a key");
        }
        parts.add(text.substring(begin, at));
      }
      blanks();
      if (!peek(".")) {
        return parts;
      }
      at++;
    }
  }

  private static boolean bare(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '_'
        || c == '-';
  }

  /** Passes over a value: arrays and inline tables may go on over lines. */
  private void value() throws InstallException {
    blanks();
    int begin = at;
    int depth = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"' || c == '\'') {
        string();
      } else if (c == '[' || c == '{') {
        depth++;
        at++;
      } else if (c == ']' || c == '}') {
        depth--;
        at++;
      } else if (depth == 0 && (c == '\n' || c == '#')) {
        break;
      } else if (c == '#') {
        toEndOfLine();
      } else {
        at++;
      }
      if (depth < 0) {
        throw wrong("a bracket is closed that was not opened");
      }
    }
    if (depth > 0) {
      at = begin;
      throw wrong("a bracket is not closed");
    }
    if (text.substring(begin, at).isBlank()) {
      throw wrong("expected a value");
    }
  }

  private void string() throws InstallException {
    int begin = at;
    String quote = text.substring(at, at + 1);
    boolean several = peek(quote.repeat(3));
    String close = several ? quote.repeat(3) : quote;
    at += close.length();
    while (at < text.length() && !peek(close)) {
      if (!several && peek("\n")) {
        break;
      }
      at += quote.equals("\"") && peek("\\") ? 2 : 1;
    }
    if (at >= text.length() || !peek(close)) {
      at = begin;
      throw wrong("a string is not closed");
    }
    at += close.length();
    while (several && peek(quote)) { // up to two more belong to the content
      at++;
    }
  }

  private void lineMustEnd() throws InstallException {
    blanks();
    if (!ended() && !peek("#")) {
      throw wrong("expected the end of the line");
    }
    toEndOfLine();
  }

  private void toEndOfLine() {
    int end = text.indexOf('\n', at);
    at = end < 0 ? text.length() : end + 1;
  }

  private boolean ended() {
    return at >= text.length() || peek("\n") || peek("\r\n");
  }

  private boolean peek(String expected) {
    return text.startsWith(expected, at);
  }

  private void blanks() {
    while (at < text.length() && " \t\uFEFF".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private InstallException wrong(String problem) {
    long line = text.substring(0, Math.min(at, text.length())).lines().count();
    return new InstallException("is not TOML: " + problem + " in line " + Math.max(1, line));
  }
}
