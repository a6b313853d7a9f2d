package dev.qwenmcp.engine;

import dev.qwenmcp.engine.kv.KvLayout;
import java.util.List;

/**
 * Pages that continuations of one prefix take besides the prefix's own.
 *
 * @param prefix tokens of it
 * @param together pages of those that are computed in one pass, at most
 */
record ContinuationPages(int prefix, long together) {
  /** Part of the budget that many short continuations may take: more of them are more passes. */
  private static final int PART = 8;

  /**
   * Room for all continuations at once, or for as many as do not keep others waiting, but at least
   * for each one.
   *
   * @param budget most pages at a time
   */
  static ContinuationPages of(int prefix, List<int[]> continuations, long budget) {
    long all = 0;
    long largest = 0;
    for (int[] continuation : continuations) {
      long pages = pages(prefix, continuation.length);
      all += pages;
      largest = Math.max(largest, pages);
    }
    return new ContinuationPages(prefix, Math.max(largest, Math.min(all, budget / PART)));
  }

  /** Pages of one continuation of so many tokens, of which the last needs none. */
  long of(int tokens) {
    return pages(prefix, tokens);
  }

  private static long pages(int prefix, int tokens) {
    if (tokens <= 1) {
      return 0;
    }
    int first = prefix / KvLayout.PAGE_TOKENS;
    int end = (prefix + tokens - 1 + KvLayout.PAGE_TOKENS - 1) / KvLayout.PAGE_TOKENS;
    return end - first;
  }
}
