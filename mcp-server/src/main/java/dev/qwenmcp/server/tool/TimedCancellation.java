package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.server.protocol.ToolException;

/**
 * Cancels work when its call is cancelled or its time is up, whichever comes first; for work that
 * knows no time budget of its own.
 */
final class TimedCancellation implements AutoCloseable {
  private final Cancellation call;
  private final Deadline deadline;
  private final Cancellation work = new Cancellation();
  private final Cancellation.Registration ofCall;
  private final Thread timer;

  TimedCancellation(Cancellation call, Deadline deadline) {
    this.call = call;
    this.deadline = deadline;
    this.ofCall = call.onCancel(work::cancel);
    if (deadline.passed()) {
      work.cancel();
    }
    this.timer = Thread.ofVirtual().name("time-budget").start(this::cancelInTime);
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
    return deadline.exceeded();
  }

  private void cancelInTime() {
    try {
      Thread.sleep(deadline.left());
      work.cancel();
    } catch (InterruptedException e) {
      // The work is done.
    }
  }

  @Override
  public void close() {
    timer.interrupt();
    ofCall.close();
  }
}
