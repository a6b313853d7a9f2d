package dev.qwenmcp.engine.draft;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/**
 * Drafts what followed the last tokens when they stood in the sequence before: prompt lookup
 * decoding (Saxena 2023; Yang et al. 2023, arXiv:2304.04487).
 *
 * <p>Of the latest {@link #CANDIDATES} places where the last two tokens stood before (or the last
 * one, where no two did) the one is taken that agrees with most of what comes before them. Among
 * equals, the place that was copied from last goes first, then the next place in the prompt after
 * what was copied last, because records are mostly extracted in their order, then the latest. With
 * few exceptions that is the longest repeated ending of the sequence, of any length. Memory: two
 * map entries and four ints a token.
 */
public final class LookupDrafter implements Drafter {
  /** Agreement beyond this says nothing more. */
  private static final int LONGEST = 32;

  /** Places compared for one guess: some thousand comparisons, microseconds next to a pass. */
  private static final int CANDIDATES = 64;

  /** Places of a single token up to which it is rare enough to speak for what followed it. */
  private static final int RARE = 4;

  /** How far after the place copied last the next one may be, in tokens: some sentences. */
  private static final int NEAR = 200;

  private final IntUnaryOperator form;
  private int[] tokens = new int[256];
  private int[] forms = new int[256];
  private int size;

  private final Places ones = new Places();
  private final Places twos = new Places();

  /** Where the guess under way goes on as long as it comes true; 0 for nowhere. */
  private int source;

  private int promptEnd; // 0 before the first guess
  private int copied; // the place in the prompt after the last token that a guess took from there

  /** Compares tokens themselves. */
  public LookupDrafter() {
    this(IntUnaryOperator.identity());
  }

  /**
   * @param form of a token by which it is compared: tokens that differ in a leading space only are
   *     best given one form, because words change it between text and JSON
   */
  public LookupDrafter(IntUnaryOperator form) {
    this.form = form;
  }

  @Override
  public void accept(int... more) {
    if (size + more.length > tokens.length) {
      int capacity = Math.max(2 * tokens.length, size + more.length);
      tokens = Arrays.copyOf(tokens, capacity);
      forms = Arrays.copyOf(forms, capacity);
    }
    for (int token : more) {
      // The ending before this token becomes findable only now that its follower is known.
      if (size >= 1) {
        ones.add(forms[size - 1], size);
      }
      if (size >= 2) {
        twos.add(lastTwo(), size);
      }
      source = source > 0 && tokens[source] == token ? source + 1 : 0;
      copied = source > 0 && source <= promptEnd ? source : copied;
      tokens[size] = token;
      forms[size++] = form.applyAsInt(token);
    }
  }

  @Override
  public Draft draft(int most, IntPredicate allowed) {
    promptEnd = promptEnd == 0 ? size : promptEnd;
    if (size == 0) {
      return Draft.NONE;
    }
    int before = source;
    source = size < 2 ? 0 : best(twos, lastTwo(), before, allowed);
    int support = source == 0 ? 0 : agreement(source);
    if (source == 0) {
      source = best(ones, forms[size - 1], before, allowed);
      support = rare(forms[size - 1]) ? 1 : 0;
    }
    return source == 0 ? Draft.NONE : new Draft(continuation(source, most), support);
  }

  /** The place after an ending to copy from; 0 for none. */
  private int best(Places places, long ending, int before, IntPredicate allowed) {
    int best = 0;
    int most = 0;
    int place = places.latest(ending);
    if (before > 0 && place > 0 && allowed.test(tokens[before])) {
      best = before;
      most = agreement(before);
    }
    for (int i = 0; i < CANDIDATES && place > 0; i++) {
      int agreement = agreement(place);
      boolean better =
          agreement > most || agreement == most && best != before && isNext(place, best);
      if (better && allowed.test(tokens[place])) {
        best = place;
        most = agreement;
      }
      place = places.earlier(place);
    }
    return best;
  }

  /** Whether a place is the next in the prompt after what was copied last, rather than another. */
  private boolean isNext(int place, int other) {
    return near(place) && (!near(other) || place < other);
  }

  private boolean near(int place) {
    return copied > 0 && place >= copied && place < Math.min(copied + NEAR, promptEnd);
  }

  private boolean rare(int one) {
    int count = 0;
    for (int place = ones.latest(one); place > 0; place = ones.earlier(place)) {
      if (++count > RARE) {
        return false;
      }
    }
    return true;
  }

  /** How many tokens before a place are those at the end, up to {@link #LONGEST}. */
  private int agreement(int place) {
    int most = Math.min(place, LONGEST);
    int n = 0;
    while (n < most && forms[place - 1 - n] == forms[size - 1 - n]) {
      n++;
    }
    return n;
  }

  /** What followed, continued over its own end where the text runs in a circle. */
  private int[] continuation(int place, int most) {
    int[] draft = new int[most];
    int period = size - place;
    for (int i = 0; i < most; i++) {
      draft[i] = tokens[place + i % period];
    }
    return draft;
  }

  private long lastTwo() {
    return Places.pair(forms[size - 2], forms[size - 1]);
  }
}
