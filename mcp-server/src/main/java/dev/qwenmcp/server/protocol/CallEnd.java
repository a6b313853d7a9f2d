package dev.qwenmcp.server.protocol;

import java.util.ArrayDeque;
import java.util.Deque;

/** What is to be released at the end of a call, or of a part of one; safe for many threads. */
public final class CallEnd implements AutoCloseable {
  private final Deque<Runnable> actions = new ArrayDeque<>();
  private boolean over;

  /** Runs an action at the end; at once if that has been. */
  public void onEnd(Runnable action) {
    synchronized (this) {
      if (!over) {
        actions.push(action);
        return;
      }
    }
    action.run();
  }

  /** Runs all actions, the last one said first; again does nothing. */
  @Override
  public void close() {
    Deque<Runnable> due;
    synchronized (this) {
      over = true;
      due = new ArrayDeque<>(actions);
      actions.clear();
    }
    due.forEach(Runnable::run);
  }
}
