package dev.qwenmcp.engine.draft;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Drafts what followed the last tokens when they stood in the sequence before: prompt lookup
 * decoding (Saxena 2023; Yang et al. 2023, arXiv:2304.04487).
 *
 * <p>Of the latest {@link #CANDIDATES} places where the last two tokens stood before, the one is
 * taken that agrees with most of what comes before them; the later one among equals, but the place
 * that was copied from last goes first. With few exceptions that is the longest repeated ending of
 * the sequence, of any length. Memory: a map entry and two ints a token.
 */
public final class LookupDrafter implements Drafter {
  /** Endings shorter than this repeat by chance too often to be worth a guess. */
  private static final int SHORTEST = 2;

  /** Agreement beyond this says nothing more. */
  private static final int LONGEST = 32;

  /** Places compared for one guess: some thousand comparisons, microseconds next to a pass. */
  private static final int CANDIDATES = 64;

  private int[] tokens = new int[256];

  /** For each index the one before it where the same two tokens had come, 0 for none. */
  private int[] earlier = new int[256];

  private int size;

  /** Two tokens to the index after their latest place that has a follower. */
  private final Map<Long, Integer> latest = new HashMap<>();

  /** Where the guess under way goes on as long as it comes true; 0 for nowhere. */
  private int source;

  @Override
  public void accept(int... more) {
    if (size + more.length > tokens.length) {
      int capacity = Math.max(2 * tokens.length, size + more.length);
      tokens = Arrays.copyOf(tokens, capacity);
      earlier = Arrays.copyOf(earlier, capacity);
    }
    for (int token : more) {
      // The ending before this token becomes findable only now that its follower is known.
      if (size >= SHORTEST) {
        Integer before = latest.put(ending(), size);
        earlier[size] = before == null ? 0 : before;
      }
      source = source > 0 && tokens[source] == token ? source + 1 : 0;
      tokens[size++] = token;
    }
  }

  @Override
  public Draft draft(int most, IntPredicate allowed) {
    int best = 0;
    int support = SHORTEST - 1;
    if (source > 0 && agreement(source) > support && allowed.test(tokens[source])) {
      best = source;
      support = agreement(source);
    }
    int place = size < SHORTEST ? 0 : latest.getOrDefault(ending(), 0);
    for (int i = 0; i < CANDIDATES && place > 0 && support < LONGEST; i++) {
      int agreement = agreement(place);
      if (agreement > support && allowed.test(tokens[place])) {
        best = place;
        support = agreement;
      }
      place = earlier[place];
    }
    source = best;
    return best == 0 ? Draft.NONE : new Draft(continuation(best, most), support);
  }

  /** How many tokens before a place are those at the end, up to {@link #LONGEST}. */
  private int agreement(int place) {
    int most = Math.min(place, LONGEST);
    int n = 0;
    while (n < most && tokens[place - 1 - n] == tokens[size - 1 - n]) {
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

  private long ending() {
    return (long) tokens[size - 2] << 32 | tokens[size - 1];
  }
}
