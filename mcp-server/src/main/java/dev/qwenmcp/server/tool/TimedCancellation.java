package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.server.protocol.ToolException;
import java.time.Duration;

/**
 * Cancels work when its call is cancelled or its time is up, whichever comes first; for work that
 * knows no time budget of its own.
 */
final class TimedCancellation implements AutoCloseable {
  /** How late the work hears of it. */
  private static final Duration INTERVAL = Duration.ofMillis(50);

  private final Cancellation call;
  private final Deadline deadline;
  private final Cancellation work = new Cancellation();
  private final Thread watch;
  private volatile boolean done;

  TimedCancellation(Cancellation call, Deadline deadline) {
    this.call = call;
    this.deadline = deadline;
    this.watch = Thread.ofVirtual().name("time-budget").start(this::watch);
  }

  /** What the work looks at. */
  Cancellation work() {
    return work;
  }

  /**
   * Why the work was cancelled, as a tool says it.
   *
   * @throws InterruptedException if the call was cancelled
   */
  ToolException reason() throws InterruptedException {
    if (call.cancelled()) {
      throw new InterruptedException("the call was cancelled");
    }
    return new ToolException(
        "time_exceeded",
        "the time budget of %d s ended before the answer was found; raise time_budget_seconds, or call again: what the model has read is kept"
            .formatted(deadline.budget().toSeconds()));
  }

  private void watch() {
    while (!done && !call.cancelled() && !deadline.passed()) {
      try {
        Thread.sleep(INTERVAL);
      } catch (InterruptedException e) {
        return; // closed
      }
    }
    if (!done) {
      work.cancel();
    }
  }

  @Override
  public void close() {
    done = true;
    watch.interrupt();
  }
}
