package dev.qwenmcp.server.bench.callers;

import dev.qwenmcp.server.bench.Sample;

/**
 * What some callers get done together.
 *
 * @param callers how many at once
 * @param tokensPerSecond of all of them together
 */
public record TogetherSpeed(int callers, Sample tokensPerSecond) {
  /** Callers at once that a goal is set for. */
  private static final int GOAL_CALLERS = 4;

  private static final double GOAL = 2.2;

  /** Median as a multiple of another's. */
  double ratio(TogetherSpeed one) {
    return tokensPerSecond.median() / one.tokensPerSecond.median();
  }

  /** The ratio to a single caller that is aimed at, NaN for none. */
  double goal() {
    return callers == GOAL_CALLERS ? GOAL : Double.NaN;
  }
}
