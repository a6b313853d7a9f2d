package dev.qwenmcp.engine;

/** Asks running work to stop at its next step; safe for many threads. */
public final class Cancellation {
  private volatile boolean cancelled;

  public void cancel() {
    cancelled = true;
  }

  public boolean cancelled() {
    return cancelled;
  }
}
