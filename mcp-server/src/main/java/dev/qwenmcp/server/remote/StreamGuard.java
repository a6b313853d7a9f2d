package dev.qwenmcp.server.remote;

import dev.qwenmcp.engine.Cancellation;
import java.time.Duration;
import java.util.Optional;

/**
 * Breaks a connection off when its call is cancelled, its time is up, or nothing has come for too
 * long; the reader then sees the end and asks why.
 */
final class StreamGuard implements AutoCloseable {
  /** Why a connection was broken off. */
  enum Reason {
    CANCELLED,
    TIME,
    IDLE
  }

  private final Cancellation.Registration registration;
  private final Thread timer;
  private final long end;
  private Runnable breakOff = () -> {};
  private long idleEnd;
  private Reason reason;

  /**
   * @param left of the call's time budget
   * @param firstToken most time until something comes
   */
  StreamGuard(Cancellation cancellation, Duration left, Duration firstToken) {
    long now = System.nanoTime();
    this.end = now + left.toNanos();
    this.idleEnd = now + firstToken.toNanos();
    this.timer = Thread.ofVirtual().name("remote-timer").start(this::watch);
    this.registration = cancellation.onCancel(() -> stop(Reason.CANCELLED));
  }

  /** What is to be broken off, at once if that was due already. */
  synchronized void guard(Runnable action) {
    breakOff = action;
    if (reason != null) {
      action.run();
    }
  }

  /** Something came: from here the time between two pieces counts. */
  synchronized void alive(Duration idle) {
    idleEnd = System.nanoTime() + idle.toNanos();
  }

  /** Why it was broken off, if it was. */
  synchronized Optional<Reason> reason() {
    return Optional.ofNullable(reason);
  }

  private synchronized void stop(Reason why) {
    if (reason == null) {
      reason = why;
      breakOff.run();
    }
  }

  private void watch() {
    try {
      while (true) {
        long left;
        Reason next;
        synchronized (this) {
          long now = System.nanoTime();
          next = end - idleEnd <= 0 ? Reason.TIME : Reason.IDLE;
          left = Math.min(end - now, idleEnd - now);
        }
        if (left <= 0) {
          stop(next);
          return;
        }
        Thread.sleep(Duration.ofNanos(left));
      }
    } catch (InterruptedException _) {
      // The answer is complete.
    }
  }

  @Override
  public void close() {
    timer.interrupt();
    registration.close();
  }
}
