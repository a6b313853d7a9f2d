package dev.qwenmcp.engine.tokenizer;

/**
 * Cuts text into the words within which tokens are merged, as Qwen2's regular expression does:
 *
 * <pre>
 * (?i:'s|'t|'re|'ve|'m|'ll|'d)     a contraction's ending
 * [^\r\n\p{L}\p{N}]?\p{L}+         letters, with one character of another kind before them
 * \p{N}                            one digit
 * \ ?[^\s\p{L}\p{N}]+[\r\n]*       signs, with a space before and line ends after them
 * \s*[\r\n]+                       white space up to the last line end of the run
 * \s+(?!\S)                        white space, all but the last character before a word
 * \s+
 * </pre>
 *
 * <p>The first alternative that matches wins, as in the Oniguruma engine with Unicode classes: case
 * is ignored by simple folding, so U+017F (ſ) counts as s, and {@code \s} is Unicode's {@code
 * White_Space}. Written by hand because a scanner takes linear time and no stack on any input.
 */
final class PreTokenizer {
  private static final byte OTHER = 0;
  private static final byte LETTER = 1;
  private static final byte NUMBER = 2;
  private static final byte SPACE = 3; // \s but \r and \n
  private static final byte LINE_END = 4; // \r and \n

  private static final byte[] ASCII = new byte[128];

  static {
    for (int c = 0; c < 128; c++) {
      ASCII[c] = classify(c);
    }
  }

  private PreTokenizer() {}

  /**
   * The end of the word that begins at {@code from}.
   *
   * @param text well-formed UTF-16
   * @param from index of a character, less than {@code end}
   * @param end where the text ends
   * @return index after the word's last character, more than {@code from}
   */
  static int wordEnd(char[] text, int from, int end) {
    int c = codePoint(text, from, end);
    int next = from + Character.charCount(c);
    byte kind = kind(c);
    if (kind == LETTER) {
      return letters(text, next, end);
    }
    if (kind == NUMBER) {
      return next;
    }
    if (c == '\'') {
      int contraction = contraction(text, next, end);
      if (contraction > 0) {
        return contraction;
      }
    }
    if (kind != LINE_END && next < end) {
      int second = codePoint(text, next, end);
      byte secondKind = kind(second);
      if (secondKind == LETTER) {
        return letters(text, next + Character.charCount(second), end);
      }
      if (c == ' ' && secondKind == OTHER) {
        return signs(text, next + Character.charCount(second), end);
      }
    }
    return kind == OTHER ? signs(text, next, end) : whiteSpace(text, from, end);
  }

  /** The end of the contraction whose apostrophe ends at {@code at}, -1 if it is none. */
  private static int contraction(char[] text, int at, int end) {
    if (at == end) {
      return -1;
    }
    int first = fold(text[at]);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') {
      return at + 1;
    }
    if (at + 1 == end) {
      return -1;
    }
    int second = fold(text[at + 1]);
    boolean two =
        (first == 'r' && second == 'e')
            || (first == 'v' && second == 'e')
            || (first == 'l' && second == 'l');
    return two ? at + 2 : -1;
  }

  /** Lower case of the letters that occur in contractions; ſ is the only one outside ASCII. */
  private static int fold(char c) {
    return c == '\u017F' ? 's' : c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
  }

  private static int letters(char[] text, int at, int end) {
    while (at < end) {
      int c = codePoint(text, at, end);
      if (kind(c) != LETTER) {
        break;
      }
      at += Character.charCount(c);
    }
    return at;
  }

  /** The end of signs that go on at {@code at}, with the line ends that follow them. */
  private static int signs(char[] text, int at, int end) {
    while (at < end) {
      int c = codePoint(text, at, end);
      if (kind(c) != OTHER) {
        break;
      }
      at += Character.charCount(c);
    }
    while (at < end && (text[at] == '\r' || text[at] == '\n')) {
      at++;
    }
    return at;
  }

  /**
   * The end of the white space from {@code from} on; each of its characters is one {@code char}.
   */
  private static int whiteSpace(char[] text, int from, int end) {
    int at = from;
    int afterLineEnd = -1;
    while (at < end) {
      byte kind = kind(text[at]);
      if (kind == LINE_END) {
        afterLineEnd = at + 1;
      } else if (kind != SPACE) {
        break;
      }
      at++;
    }
    if (afterLineEnd >= 0) {
      return afterLineEnd;
    }
    return at == end || at == from + 1 ? at : at - 1;
  }

  private static int codePoint(char[] text, int at, int end) {
    char c = text[at];
    return Character.isHighSurrogate(c) && at + 1 < end
        ? Character.toCodePoint(c, text[at + 1])
        : c;
  }

  private static byte kind(int c) {
    return c < 128 ? ASCII[c] : classify(c);
  }

  private static byte classify(int c) {
    return switch (Character.getType(c)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          NUMBER;
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          SPACE;
      // The controls with the White_Space property: tab to carriage return, and next line.
      default ->
          c == '\n' || c == '\r'
              ? LINE_END
              : (c >= '\t' && c <= '\r') || c == '\u0085' ? SPACE : OTHER;
    };
  }
}
