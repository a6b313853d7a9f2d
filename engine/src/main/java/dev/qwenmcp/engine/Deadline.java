package dev.qwenmcp.engine;

import java.time.Duration;

/** When a call has to stop: its time is up or its caller cancelled. */
final class Deadline {
  private static final Duration LONGEST = Duration.ofDays(365);

  private final long start = System.nanoTime();
  private final long nanos;
  private final Cancellation cancellation;

  Deadline(Duration budget, Cancellation cancellation) {
    this.nanos = (budget.compareTo(LONGEST) > 0 ? LONGEST : budget).toNanos();
    this.cancellation = cancellation;
  }

  static Deadline none(Cancellation cancellation) {
    return new Deadline(LONGEST, cancellation);
  }

  boolean passed() {
    return cancellation.cancelled() || System.nanoTime() - start >= nanos;
  }

  /** Why it passed. */
  FinishReason reason() {
    return cancellation.cancelled() ? FinishReason.CANCELLED : FinishReason.TIME;
  }
}
