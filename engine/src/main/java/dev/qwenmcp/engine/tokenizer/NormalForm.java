package dev.qwenmcp.engine.tokenizer;

import java.text.Normalizer;

/**
 * Brings text into the form that the vocabulary was learnt on: well-formed UTF-16 in Unicode's
 * normal form C, as the {@code tokenizer.json} of Qwen models asks for.
 *
 * <p>The form is that of the JDK's Unicode version. The library behind {@code tokenizer.json} has
 * older tables: it leaves combining marks younger than Unicode 9 where they stand.
 */
final class NormalForm {
  /** Below U+0300 nothing composes with what follows or stands for something else. */
  private static final char FIRST_UNSETTLED = '\u0300';

  /**
   * Longest run of combining marks that is put in order as a whole. Sorting them takes quadratic
   * time in the JDK, which hostile text could turn into minutes; a longer run, which no language
   * has (Unicode's stream-safe format allows 30), is normalised in pieces of this length.
   */
  private static final int MAX_MARKS = 256;

  private NormalForm() {}

  /** The text in normal form C, each unpaired surrogate replaced by U+FFFD. */
  static String of(String text) {
    int length = text.length();
    int settled = 0;
    while (settled < length && text.charAt(settled) < FIRST_UNSETTLED) {
      settled++;
    }
    return settled == length ? text : compose(wellFormed(text));
  }

  private static String wellFormed(String text) {
    StringBuilder repaired = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      if (repaired == null) {
        repaired = new StringBuilder(text);
      }
      repaired.setCharAt(i, '\uFFFD');
    }
    return repaired == null ? text : repaired.toString();
  }

  private static String compose(String text) {
    StringBuilder pieces = null;
    int pieceStart = 0;
    int marks = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      marks = c >= FIRST_UNSETTLED && isMark(c) ? marks + 1 : 0;
      if (marks > MAX_MARKS) {
        pieces = pieces == null ? new StringBuilder(text.length()) : pieces;
        pieces.append(Normalizer.normalize(text.substring(pieceStart, i), Normalizer.Form.NFC));
        pieceStart = i;
        marks = 1;
      }
      i += Character.charCount(c);
    }
    if (pieces == null) {
      return Normalizer.normalize(text, Normalizer.Form.NFC);
    }
    return pieces
        .append(Normalizer.normalize(text.substring(pieceStart), Normalizer.Form.NFC))
        .toString();
  }

  private static boolean isMark(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }
}
