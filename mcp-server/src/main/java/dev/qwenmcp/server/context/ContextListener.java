package dev.qwenmcp.server.context;

/** Hears of changes, each once and in order, on a thread of the store's. */
public interface ContextListener {

  /** Something happened; returns soon, since others wait. */
  void changed(ContextChange change);

  /**
   * Changes that are no longer on record happened, since the listener was out of touch for so long;
   * any context may have changed.
   *
   * @param from number of the first change missed
   * @param to number of the last
   */
  void missed(long from, long to);
}
