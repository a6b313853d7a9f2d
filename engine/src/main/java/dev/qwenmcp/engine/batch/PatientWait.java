package dev.qwenmcp.engine.batch;

import java.util.concurrent.locks.Condition;

/**
 * Waits for conditions through interrupts, which are handed on when it is closed: work is stopped
 * by its {@link Stop}, and a pass that others share must not be torn apart.
 */
final class PatientWait implements AutoCloseable {
  private boolean interrupted;

  /** Waits for a signal, at most so long; may return early. */
  void await(Condition condition, long nanos) {
    try {
      if (nanos == Long.MAX_VALUE) {
        condition.await();
      } else if (nanos > 0) {
        condition.awaitNanos(nanos);
      }
    } catch (InterruptedException _) {
      interrupted = true;
    }
  }

  @Override
  public void close() {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
