package dev.qwenmcp.engine.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The cache as a list: every page that is known, by all tokens from the first on. */
final class PrefixModel {
  private final List<int[]> pages = new ArrayList<>();

  /** All full pages of these tokens are known. */
  void add(int[] tokens, int length) {
    for (int end = 64; end <= length; end += 64) {
      int[] prefix = Arrays.copyOf(tokens, end);
      if (!knows(prefix)) {
        pages.add(prefix);
      }
    }
  }

  boolean knows(int[] prefix) {
    return pages.stream().anyMatch(p -> Arrays.equals(p, prefix));
  }

  void remove(int[] prefix) {
    pages.removeIf(p -> Arrays.equals(p, prefix));
  }

  List<int[]> all() {
    return List.copyOf(pages);
  }

  /** Length of the longest known beginning. */
  int longest(int[] tokens, int length) {
    int best = 0;
    for (int[] page : pages) {
      int common = Arrays.mismatch(page, Arrays.copyOf(tokens, length));
      best = Math.max(best, common < 0 ? Math.min(page.length, length) : common);
    }
    return best;
  }
}
