package dev.qwenmcp.engine;

import java.util.ArrayList;
import java.util.List;

/** Asks waiting or running work to stop at its next step; safe for many threads. */
public final class Cancellation {
  private final List<Runnable> listeners = new ArrayList<>();
  private volatile boolean cancelled;

  public void cancel() {
    List<Runnable> hearing;
    synchronized (listeners) {
      cancelled = true;
      hearing = List.copyOf(listeners);
    }
    hearing.forEach(Runnable::run);
  }

  public boolean cancelled() {
    return cancelled;
  }

  /** Until closed, an action hears of the cancellation. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Runs an action when this is cancelled, on the thread that cancels; at once if it is already.
   *
   * @param action returns quickly
   */
  public Registration onCancel(Runnable action) {
    boolean late;
    synchronized (listeners) {
      late = cancelled;
      if (!late) {
        listeners.add(action);
      }
    }
    if (late) {
      action.run();
    }
    return () -> {
      synchronized (listeners) {
        listeners.remove(action);
      }
    };
  }
}
