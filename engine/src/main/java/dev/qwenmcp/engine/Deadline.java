package dev.qwenmcp.engine;

import dev.qwenmcp.engine.batch.Stop;
import java.time.Duration;

/** When a call has to stop: its time is up or its caller cancelled. */
final class Deadline implements Stop {
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

  @Override
  public boolean now() {
    return cancellation.cancelled() || nanosLeft() <= 0;
  }

  @Override
  public long nanosLeft() {
    return nanos - (System.nanoTime() - start);
  }

  @Override
  public Listening listen(Runnable wake) {
    return cancellation.onCancel(wake)::close;
  }

  /** Seconds since the call came. */
  double elapsedSeconds() {
    return (System.nanoTime() - start) * 1e-9;
  }

  /** Why it is to stop. */
  FinishReason reason() {
    return cancellation.cancelled() ? FinishReason.CANCELLED : FinishReason.TIME;
  }
}
