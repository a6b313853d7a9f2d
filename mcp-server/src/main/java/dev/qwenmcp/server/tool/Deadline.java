package dev.qwenmcp.server.tool;

import java.time.Duration;

/** The end of a call's time budget, shared by the generations that it makes. */
final class Deadline {
  private final long start = System.nanoTime();
  private final Duration budget;

  Deadline(Duration budget) {
    this.budget = budget;
  }

  /** Never negative. */
  Duration left() {
    Duration left = budget.minusNanos(System.nanoTime() - start);
    return left.isNegative() ? Duration.ZERO : left;
  }

  boolean passed() {
    return left().isZero();
  }

  Duration budget() {
    return budget;
  }
}
