package dev.qwenmcp.engine.draft;

import java.util.Arrays;

/**
 * For each written word the word of the prompt that it seems to be copied from.
 *
 * <p>A word goes on where the one before it was copied; otherwise the last two words are looked
 * for, otherwise it alone, first in what follows the place copied last, because records are mostly
 * extracted in their order. What was taken alone is corrected when the word after it shows the
 * right place.
 */
final class PromptOrigins {
  /** No word of the prompt. */
  static final int NONE = -1;

  /** How far after the place copied last the next one may be, in words: some sentences. */
  static final int NEAR = 200;

  /** Words that were copied before the place they come from is known better, at most. */
  private static final int LONGEST = 32;

  /** Places of a word up to which it is rare enough to be taken from wherever it stands. */
  private static final int RARE = 4;

  /** Places looked at for that. */
  private static final int CANDIDATES = 64;

  private final Words words;
  private final int promptEnd;
  private int[] origins = new int[256];
  private int known; // words whose origins have been set, read ones included
  private int cursor; // after the last of two or more words, signs apart, that were copied on end
  private int run; // of such words at the end

  /**
   * @param words of which more will be added
   * @param promptEnd how many of them are read, not written
   */
  PromptOrigins(Words words, int promptEnd) {
    this.words = words;
    this.promptEnd = promptEnd;
    this.known = promptEnd;
  }

  /** Words of the prompt. */
  int promptEnd() {
    return promptEnd;
  }

  /** Finds where a written word of which nothing else is known comes from. */
  void find(int i) {
    if (goesOn(i)) {
      return;
    }
    boolean signs = words.isSign(i) && (i == promptEnd || words.isSign(i - 1));
    int pair = i == promptEnd || signs ? NONE : pair(i);
    if (pair == NONE) {
      set(i, words.isSign(i) ? NONE : single(i));
    } else {
      correct(i, pair);
    }
  }

  /** Finds where a written word comes from that is expected to come from a place. */
  void find(int i, int expected) {
    if (goesOn(i)) {
      return;
    }
    int single = NONE;
    for (int n = 0; n < 2 * NEAR; n++) {
      int p = n % 2 == 0 ? expected + n / 2 : expected - 1 - n / 2;
      if (p > 0 && isSame(p, i)) {
        if (i > promptEnd && of(i - 1) != NONE && isSame(p - 1, i - 1)) {
          correct(i, p);
          return;
        }
        single = single == NONE ? p : single;
      }
    }
    set(i, words.isSign(i) ? NONE : single);
  }

  /** Says where a written word comes from; once for each word in their order, or instead of it. */
  void set(int i, int origin) {
    int at = i - promptEnd;
    if (at >= origins.length) {
      origins = Arrays.copyOf(origins, 2 * origins.length);
    }
    origins[at] = origin;
    known = Math.max(known, i + 1);
    int before = continuesSpan(i) ? run : 0;
    run = origin == NONE || words.isSign(i) ? before : before + 1;
    cursor = run > 1 ? origin + 1 : cursor;
  }

  /**
   * Says that a written word comes from where the one before it went on, if the prompt does too.
   */
  boolean goesOn(int i) {
    int next = i == promptEnd || of(i - 1) == NONE ? NONE : of(i - 1) + 1;
    if (next == NONE || !isSame(next, i)) {
      return false;
    }
    set(i, next);
    return true;
  }

  /**
   * A word's place, and with it that of the words before it as far as they are the same, but for
   * signs at the beginning, which are marks around a value rather than a part of it.
   */
  private void correct(int i, int place) {
    int n = 1;
    while (n < LONGEST && i - n >= promptEnd && n <= place && isSame(place - n, i - n)) {
      n++;
    }
    while (n > 1 && words.isSign(i - n + 1)) {
      n--;
    }
    for (int k = n - 1; k >= 0; k--) {
      set(i - k, place - k);
    }
  }

  /** Index in the prompt; {@link #NONE} for a word that is read, or not copied, or not set yet. */
  int of(int index) {
    return index < promptEnd || index >= known ? NONE : origins[index - promptEnd];
  }

  /** Where the prompt goes on after what was copied last. */
  int cursor() {
    return cursor;
  }

  /** Whether a written word is copied, but not on end with the one before it. */
  boolean startsSpan(int index) {
    return of(index) != NONE && !continuesSpan(index);
  }

  /** The index after the last word of a copied span. */
  int spanEnd(int index) {
    int end = index + 1;
    while (end < known && continuesSpan(end)) {
      end++;
    }
    return end;
  }

  /** Whether a written word is copied on end with the one before it. */
  boolean continuesSpan(int index) {
    return of(index) != NONE && of(index - 1) != NONE && of(index) == of(index - 1) + 1;
  }

  /** Whether a word of the prompt is a written one; false beyond the prompt. */
  boolean isSame(int prompt, int index) {
    return prompt < promptEnd && words.id(prompt) == words.id(index);
  }

  /** The second of two words in the prompt. */
  private int pair(int i) {
    for (int p = Math.max(1, cursor); p < nearEnd(); p++) {
      if (isSame(p, i) && isSame(p - 1, i - 1)) {
        return p;
      }
    }
    return elsewhere(words.twos(), words.two(i));
  }

  private int single(int i) {
    for (int p = cursor; p < nearEnd(); p++) {
      if (isSame(p, i)) {
        return p;
      }
    }
    return elsewhere(words.ones(), words.one(i));
  }

  private int nearEnd() {
    return Math.min(cursor + NEAR, promptEnd);
  }

  /** The latest place in the prompt of a rare ending. */
  private int elsewhere(Places places, long ending) {
    int found = NONE;
    int count = 0;
    int place = places.latest(ending);
    for (int i = 0; i < CANDIDATES && place > 0; i++) {
      if (place <= promptEnd) {
        found = found == NONE ? place - 1 : found;
        if (++count > RARE) {
          return NONE;
        }
      }
      place = places.earlier(place);
    }
    return found;
  }
}
