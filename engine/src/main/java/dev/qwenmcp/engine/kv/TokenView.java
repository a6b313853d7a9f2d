package dev.qwenmcp.engine.kv;

/** The token ids of a sequence, as far as the cache reads them. */
@FunctionalInterface
public interface TokenView {
  /** A copy of ids {@code from} (inclusive) to {@code to} (exclusive). */
  int[] range(int from, int to);
}
