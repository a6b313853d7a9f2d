package dev.qwenmcp.engine.gguf;

/** Strings from files on their way into messages and terminals. */
final class Text {
  private static final int LONGEST_QUOTE = 80;

  private Text() {}

  /** The string in quotation marks, shortened, without control characters. */
  static String quote(String text) {
    return '"' + shorten(text, LONGEST_QUOTE) + '"';
  }

  /**
   * At most {@code length} characters of the string and an ellipsis; control, format and unpaired
   * surrogate characters, which could take over a terminal, are written as escapes.
   */
  static String shorten(String text, int length) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), length) + 8);
    int at = 0;
    while (at < text.length() && out.length() < length) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      switch (c) {
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (printable(c)) {
            out.appendCodePoint(c);
          } else {
            out.append(String.format("\\u%04x", c));
          }
        }
      }
    }
    return at < text.length() ? out.append('…').toString() : out.toString();
  }

  private static boolean printable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
