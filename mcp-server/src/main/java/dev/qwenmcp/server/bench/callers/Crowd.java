package dev.qwenmcp.server.bench.callers;

import dev.qwenmcp.server.bench.Sample;

/**
 * What happened to many callers with equal work who came at once.
 *
 * @param firstTokenSeconds of each, from when all were let go
 * @param seconds until the last had its answer
 * @param memory while they were served
 */
public record Crowd(Sample firstTokenSeconds, double seconds, Memory memory) {
  /** Most of the slowest's wait as a multiple of the median. */
  static final double GOAL = 2;

  /**
   * Most that was in use.
   *
   * @param keyBytes of keys and values
   * @param keyBudget most that these may take
   * @param residentBefore of the process, before; 0 where the system does not tell
   * @param resident of the process, at most
   */
  public record Memory(long keyBytes, long keyBudget, long residentBefore, long resident) {}

  int callers() {
    return firstTokenSeconds.values().size();
  }

  /** The slowest's wait as a multiple of the median. */
  double slowest() {
    return firstTokenSeconds.most() / firstTokenSeconds.median();
  }
}
