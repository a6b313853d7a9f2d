package dev.qwenmcp.server.flow.run;

import java.time.Duration;

/** How long a run may work before it stops to be resumed later. */
final class RunTime {
  private final long end;

  RunTime(Duration budget) {
    this.end = System.nanoTime() + budget.toNanos();
  }

  /** Never negative. */
  Duration left() {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  boolean over() {
    return left().isZero();
  }
}
