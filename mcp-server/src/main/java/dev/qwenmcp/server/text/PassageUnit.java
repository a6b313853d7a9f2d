package dev.qwenmcp.server.text;

/**
 * What a passage is made of and is never cut itself: a sentence, a heading, an item of a list, a
 * table, or a piece of one that is too long.
 *
 * @param start offset of its first UTF-16 unit
 * @param end offset after its last
 * @param weight its size: 10 a word, 6 a Chinese or Japanese character
 * @param cutFrom the weight from which a passage may end before this unit; {@link #NO_CUT} where it
 *     ends here only because it is full
 * @param heading whether it goes with what follows
 * @param repeatable whether the passage after a cut within a paragraph may begin with it once more
 */
public record PassageUnit(
    int start, int end, int weight, int cutFrom, boolean heading, boolean repeatable) {
  /** A unit within a paragraph. */
  public static final int NO_CUT = Integer.MAX_VALUE;

  /** The same unit with another weight from which a passage may end before it. */
  public PassageUnit cutFrom(int other) {
    return new PassageUnit(start, end, weight, other, heading, repeatable);
  }
}
