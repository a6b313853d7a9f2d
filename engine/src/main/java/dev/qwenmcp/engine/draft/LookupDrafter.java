package dev.qwenmcp.engine.draft;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Drafts what followed the last tokens when they stood in the sequence before: prompt lookup
 * decoding (Saxena 2023; Yang et al. 2023, arXiv:2304.04487).
 *
 * <p>The longest repeated ending of up to {@link #LONGEST} tokens is looked for, in its most recent
 * place. Memory: two map entries a token.
 */
public final class LookupDrafter implements Drafter {
  /** Endings shorter than this repeat by chance too often to be worth a guess. */
  private static final int SHORTEST = 2;

  private static final int LONGEST = 4;

  private int[] tokens = new int[256];
  private int size;

  /** For each ending length: hash of an n-gram to the index after its most recent occurrence. */
  private final Map<Long, Integer> places = new HashMap<>();

  @Override
  public void accept(int... more) {
    if (size + more.length > tokens.length) {
      tokens = Arrays.copyOf(tokens, Math.max(2 * tokens.length, size + more.length));
    }
    for (int token : more) {
      // The ending before this token becomes findable only now that its follower is known.
      for (int n = SHORTEST; n <= LONGEST && n <= size; n++) {
        places.put(hash(size, n), size);
      }
      tokens[size++] = token;
    }
  }

  @Override
  public int[] draft(int most) {
    for (int n = Math.min(LONGEST, size); n >= SHORTEST; n--) {
      Integer place = places.get(hash(size, n));
      // Equal hashes of different endings are possible, so the tokens themselves decide.
      if (place != null && Arrays.equals(tokens, place - n, place, tokens, size - n, size)) {
        return continuation(place, most);
      }
    }
    return new int[0];
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

  private long hash(int end, int n) {
    long hash = n;
    for (int i = end - n; i < end; i++) {
      hash = (hash ^ tokens[i]) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    return hash;
  }
}
