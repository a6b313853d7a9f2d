package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.protocol.ToolException;
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

  /** What to say when it has passed. */
  ToolException exceeded() {
    return new ToolException(
        "time_exceeded",
        "the time budget of %d s ended before the answer was found; raise time_budget_seconds, or call again: what the model has read is kept"
            .formatted(budget.toSeconds()));
  }
}
