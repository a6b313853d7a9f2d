package dev.qwenmcp.server.cli;

import org.jline.terminal.Terminal;

/**
 * Dim and coloured text, where it can be shown.
 *
 * @param ansi whether escape sequences are understood
 */
record TerminalStyle(boolean ansi) {
  private static final String PLAIN = "\u001b[0m";

  /** What a terminal can; nothing where the NO_COLOR convention asks for plain text. */
  static TerminalStyle of(Terminal terminal) {
    boolean dumb = terminal.getType().startsWith(Terminal.TYPE_DUMB);
    return new TerminalStyle(!dumb && System.getenv("NO_COLOR") == null);
  }

  String dim(String text) {
    return escape("2", text);
  }

  String warning(String text) {
    return escape("33", text);
  }

  private String escape(String code, String text) {
    return ansi ? "\u001b[" + code + "m" + text + PLAIN : text;
  }
}
