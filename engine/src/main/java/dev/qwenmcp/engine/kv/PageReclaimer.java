package dev.qwenmcp.engine.kv;

/** Gives pages back to a {@link PagePool} whose budget is used up. */
@FunctionalInterface
public interface PageReclaimer {
  /** Nothing can go. */
  PageReclaimer NONE = () -> false;

  /**
   * Releases a page, or makes others give up theirs so that the next call can; called without the
   * pool's lock.
   *
   * @return false if no page can go
   */
  boolean reclaim();
}
