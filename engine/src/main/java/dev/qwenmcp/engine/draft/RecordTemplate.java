package dev.qwenmcp.engine.draft;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Guesses a record from the one written before it: the same frame, and in place of each value that
 * was copied from the prompt the one that stands behind the same neighbour elsewhere, mostly as far
 * on as the value before it, up to what followed the value of the record before.
 *
 * <p>An extraction writes {@code "customer": "} again and again, each time with a name that stands
 * after {@code went to} and before {@code in}. So the record written before is a wrapper with left
 * and right delimiters (Kushmerick 2000, Wrapper induction: efficiency and expressiveness,
 * Artificial Intelligence 118, the class LR), learnt from one example and used to guess, where
 * nothing is lost when it is wrong. Plain lookup stops at both ends of each value.
 */
final class RecordTemplate {
  /** Words of a value, at most. */
  private static final int LONGEST_VALUE = 48;

  /** What a place with one neighbour alike instead of two must be nearer by, in words. */
  private static final int NEIGHBOUR = 4;

  /** Places compared to find the record before. */
  private static final int CANDIDATES = 64;

  /** Words guessed at once: no fewer than the tokens of a pass. */
  private static final int MOST_WORDS = DraftLength.LONGEST + 1;

  private static final byte[] NOTHING = {};
  private static final int NOWHERE = -1;

  private final Words words;
  private final PromptOrigins origins;

  /** The word of the record before that should come next; 0 for no record before. */
  private int frame;

  /** Within a value: the word of the record before that ends it; else 0. */
  private int valueEnd;

  private int valueStart; // its first word

  private int shift; // from the last value of the record before to that of this one, in the prompt
  private boolean shifted; // whether that is known

  /** Where the last frame was left; 0 for nowhere. */
  private int lost;

  private int lostAt; // number of words then

  RecordTemplate(Words words, PromptOrigins origins) {
    this.words = words;
    this.origins = origins;
  }

  /** Goes on by a written word and finds its origin, once each in their order. */
  void follow(int i) {
    if (valueEnd > 0) {
      followValue(i);
    } else if (frame > 0 && origins.startsSpan(frame)) {
      beginValue(i);
    } else if (frame > 0 && words.id(i) == words.id(frame)) {
      if (!origins.goesOn(i)) {
        origins.set(i, PromptOrigins.NONE);
      }
      frame++;
    } else {
      leave();
      origins.find(i);
    }
  }

  private void beginValue(int i) {
    int end = origins.spanEnd(frame);
    if (end >= i) { // the record before would be this one
      leave();
      origins.find(i);
      return;
    }
    int before = origins.of(frame);
    int place = locate(before, shifted ? before + shift : NOWHERE, origins.cursor());
    boolean located = place != NOWHERE && words.id(place) == words.id(i);
    if (!located && words.id(before) == words.id(i)) {
      origins.set(i, PromptOrigins.NONE); // a part of the frame that the prompt names too
      frame++;
      return;
    }
    valueEnd = end;
    valueStart = i;
    if (located) {
      origins.set(i, place);
    } else {
      find(i, before);
    }
  }

  /** Finds the origin of a word of a value in place of one. */
  private void find(int i, int before) {
    if (shifted) {
      origins.find(i, before + shift);
    } else {
      origins.find(i);
    }
  }

  private void followValue(int i) {
    int before = origins.of(frame);
    if (origins.startsSpan(valueEnd) && endsAtValue(i)) {
      endValue(i);
      beginValue(i);
    } else if (!origins.startsSpan(valueEnd) && words.id(i) == words.id(valueEnd)) {
      endValue(i);
      origins.set(i, PromptOrigins.NONE);
      frame++;
    } else if (i - valueStart > LONGEST_VALUE) {
      leave();
      origins.find(i);
    } else {
      find(i, before);
    }
  }

  /** Whether a word is not the next of its value, but the first of the value after it. */
  private boolean endsAtValue(int i) {
    int last = origins.of(i - 1);
    if (last != PromptOrigins.NONE && origins.isSame(last + 1, i)) {
      return false;
    }
    int next = origins.of(valueEnd);
    int first = origins.of(valueStart);
    int expected = first == PromptOrigins.NONE ? NOWHERE : next + first - origins.of(frame);
    int place = locate(next, expected, origins.cursor());
    return place != NOWHERE && words.id(place) == words.id(i);
  }

  /** Ends a value before word i: a part of the frame if it is the same from the same place. */
  private void endValue(int i) {
    int first = origins.of(valueStart);
    if (isSame(i) && (first == origins.of(frame) || origins.spanEnd(valueStart) < i)) {
      for (int w = valueStart; w < i; w++) {
        origins.set(w, PromptOrigins.NONE);
      }
    } else if (first != PromptOrigins.NONE) {
      shift = first - origins.of(frame);
      shifted = true;
    }
    frame = valueEnd;
    valueEnd = 0;
  }

  /** Whether the value before word i is that of the record before. */
  private boolean isSame(int i) {
    boolean same = i - valueStart == valueEnd - frame;
    for (int n = 0; same && n < valueEnd - frame; n++) {
      same = words.id(frame + n) == words.id(valueStart + n);
    }
    return same;
  }

  private void leave() {
    if (frame > 0) {
      lost = frame;
      lostAt = words.size();
    }
    frame = 0;
    valueEnd = 0;
  }

  /**
   * Finds the record before where none is known: on from where it was lost; or else the place most
   * like this one, signs alone not counting; or else the line before.
   */
  private void enter() {
    int last = words.size() - 1;
    if (last <= origins.promptEnd()) {
      return;
    }
    boolean resumable = lost > 0 && words.size() <= lostAt + LONGEST_VALUE;
    int most = 0;
    int best = 0;
    int place = words.twos().latest(words.two(last));
    for (int i = 0; i < CANDIDATES && place > origins.promptEnd(); i++) {
      if (resumable && place > lost && place <= lost + LONGEST_VALUE) {
        best = place; // the places come in falling order: at last the nearest
        most = Integer.MAX_VALUE;
      }
      int agreement = words.agreement(place);
      if (agreement > most && saysSomething(agreement)) {
        most = agreement;
        best = place;
      }
      place = words.twos().earlier(place);
    }
    frame = best == 0 && words.isLineEnd(last) ? lineBefore(last) : best;
    if (frame > 0) {
      shifted &= most == Integer.MAX_VALUE;
    }
    if (frame > 0 && origins.continuesSpan(frame)) {
      enterValue();
    }
  }

  /** Whether there is more than signs among the last words. */
  private boolean saysSomething(int count) {
    for (int i = words.size() - count; i < words.size(); i++) {
      if (!words.isSign(i)) {
        return true;
      }
    }
    return false;
  }

  /** The beginning of the line that a written line end ends. */
  private int lineBefore(int end) {
    int start = end;
    while (start > origins.promptEnd() && !words.isLineEnd(start - 1)) {
      start--;
    }
    return start;
  }

  /** Goes on within a value, as the record before is entered there. */
  private void enterValue() {
    int start = frame;
    while (origins.continuesSpan(start) && frame - start <= LONGEST_VALUE) {
      start--;
    }
    valueStart = words.size() - (frame - start);
    valueEnd = frame - start > LONGEST_VALUE ? valueStart : origins.spanEnd(start);
    // A value that reaches into this one is no record before.
    boolean before = valueStart >= origins.promptEnd() && valueEnd < valueStart;
    frame = before ? start : 0;
    valueEnd = before ? valueEnd : 0;
  }

  /**
   * Guesses the text that comes next; empty where there is no record before, or where what has come
   * of the next word is not how the guess begins.
   */
  byte[] next() {
    if (frame == 0) {
      enter();
    }
    if (frame == 0) {
      return NOTHING;
    }
    byte[] guess = new Writer().write();
    byte[] pending = words.pending();
    boolean fits =
        guess.length > pending.length
            && (guess[pending.length] & 0xc0) != 0x80 // not within a character
            && Arrays.equals(guess, 0, pending.length, pending, 0, pending.length);
    return fits ? Arrays.copyOfRange(guess, pending.length, guess.length) : NOTHING;
  }

  /** One guess under way. */
  private final class Writer {
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private int count;
    private int at = frame; // in the record before
    private int nextShift = shift;
    private boolean nextShifted = shifted;
    private int cursor = origins.cursor(); // in the prompt, after the last value

    byte[] write() {
      if (valueEnd > 0) {
        int last = origins.of(words.size() - 1);
        if (last == PromptOrigins.NONE || !finish(last + 1, valueEnd)) {
          return text.toByteArray();
        }
        int first = origins.of(valueStart);
        if (first != PromptOrigins.NONE) {
          nextShift = first - origins.of(frame);
          nextShifted = true;
        }
        at = valueEnd;
      }
      while (count < MOST_WORDS && at < words.size()) {
        if (!origins.startsSpan(at)) {
          put(at, at);
          at++;
        } else if (!value()) {
          break;
        }
      }
      return text.toByteArray();
    }

    private void put(int space, int word) {
      text.writeBytes(words.space(space));
      text.writeBytes(words.word(word));
      count++;
    }

    /** A value in place of the one at hand; false where its end was not found. */
    private boolean value() {
      int end = origins.spanEnd(at);
      int before = origins.of(at);
      int place = locate(before, nextShifted ? before + nextShift : NOWHERE, cursor);
      if (place == NOWHERE) { // a part of the frame that the prompt names too
        for (; at < end && count < MOST_WORDS; at++) {
          put(at, at);
        }
        return true;
      }
      nextShift = place - before;
      nextShifted = true;
      put(at, place);
      boolean found = isRepeated(before, place, end - at) || finish(place + 1, end);
      at = end;
      return found;
    }

    /**
     * Whether a value, or a word of the frame that the prompt has too, is the one before again;
     * puts its rest.
     */
    private boolean isRepeated(int before, int place, int length) {
      for (int n = 0; n < length; n++) {
        if (place + n >= origins.promptEnd() || words.id(place + n) != words.id(before + n)) {
          return false;
        }
      }
      for (int n = 1; n < length && count < MOST_WORDS; n++) {
        put(place + n, place + n);
      }
      cursor = place + length;
      return true;
    }

    /** The rest of a value until what followed the one before in the prompt. */
    private boolean finish(int from, int end) {
      int follower = origins.of(end - 1) + 1;
      int to = Math.min(from + LONGEST_VALUE, origins.promptEnd());
      for (int p = from; p < to && count < MOST_WORDS; p++) {
        if (follower < origins.promptEnd() && words.id(p) == words.id(follower)) {
          cursor = p;
          return true;
        }
        put(p, p);
      }
      return false;
    }
  }

  /**
   * The place in the prompt of a value that has the same neighbour before it as one of the record
   * before, and is not that one.
   *
   * @param before the place of that one
   * @param expected where it should be, give or take some sentences; {@link #NOWHERE} if unknown
   * @param cursor from where on it is looked for then
   */
  private int locate(int before, int expected, int cursor) {
    if (before == 0) {
      return NOWHERE;
    }
    int from =
        expected == NOWHERE ? Math.max(1, cursor) : Math.max(1, expected - PromptOrigins.NEAR);
    int nearest = expected == NOWHERE ? from : expected;
    int to = Math.min(nearest + PromptOrigins.NEAR, origins.promptEnd());
    int best = NOWHERE;
    int least = Integer.MAX_VALUE;
    for (int p = from; p < to; p++) {
      if (p == before || words.id(p - 1) != words.id(before - 1)) {
        continue;
      }
      boolean two = p > 1 && before > 1 && words.id(p - 2) == words.id(before - 2);
      int cost = Math.abs(p - nearest) + (two ? 0 : NEIGHBOUR);
      if (cost < least) {
        least = cost;
        best = p;
      }
    }
    return best;
  }
}
