package dev.qwenmcp.engine.batch;

import java.time.Duration;

/** As many sequences run and wait as may; nothing has begun. */
public final class BusyException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int running;
  private final int waiting;
  private final Duration retryAfter;

  BusyException(int running, int waiting, Duration retryAfter) {
    super(
        "as many requests as may are running (%d) and waiting (%d); retry after %d s"
            .formatted(running, waiting, retryAfter.toSeconds()));
    this.running = running;
    this.waiting = waiting;
    this.retryAfter = retryAfter;
  }

  /** Sequences that compute. */
  public int running() {
    return running;
  }

  /** Sequences that wait for these. */
  public int waiting() {
    return waiting;
  }

  /** When a place is likely to be free, judged by how long sequences took lately; whole seconds. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
