package dev.qwenmcp.server.bench.callers;

import dev.qwenmcp.server.bench.Sample;
import java.time.Duration;
import java.util.Optional;

/**
 * What happened to many callers with equal work who came at once.
 *
 * @param firstTokenSeconds of each, from when all were let go
 * @param seconds until the last had its answer
 * @param refusal of one more, who came when all slots and places to wait were taken
 * @param memory while they were served
 */
public record Crowd(
    Sample firstTokenSeconds, double seconds, Optional<Refusal> refusal, Memory memory) {
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

  /**
   * What one caller too many heard.
   *
   * @param running callers who were served
   * @param waiting callers who waited
   * @param retryAfter when to come again
   */
  public record Refusal(int running, int waiting, Duration retryAfter) {}

  int callers() {
    return firstTokenSeconds.values().size();
  }

  /** The slowest's wait as a multiple of the median. */
  double slowest() {
    return firstTokenSeconds.most() / firstTokenSeconds.median();
  }
}
