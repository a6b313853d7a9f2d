package dev.qwenmcp.engine.draft;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Where each ending stood in a sequence: the latest place after it, and for each place the one
 * before. A place is an index from 1 on, as it has something before it; 0 is none.
 */
final class Places {
  private final Map<Long, Integer> latest = new HashMap<>();
  private int[] earlier = new int[256];

  /** An ending of two elements. */
  static long pair(int first, int second) {
    return (long) first << 32 | second & 0xffffffffL;
  }

  void add(long ending, int place) {
    if (place >= earlier.length) {
      earlier = Arrays.copyOf(earlier, Math.max(2 * earlier.length, place + 1));
    }
    Integer before = latest.put(ending, place);
    earlier[place] = before == null ? 0 : before;
  }

  /** The latest place after an ending; 0 for none. */
  int latest(long ending) {
    return latest.getOrDefault(ending, 0);
  }

  /** The place before one, after the same ending; 0 for none. */
  int earlier(int place) {
    return earlier[place];
  }
}
