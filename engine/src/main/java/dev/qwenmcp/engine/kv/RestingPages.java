package dev.qwenmcp.engine.kv;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Sequences at rest, which give their pages up when others need them: keys and values can be had
 * again, from the cache or by computing them. Safe for many threads.
 *
 * <p>From {@link #rest} to {@link #wake} a sequence's pages are not its owner's to touch.
 */
public final class RestingPages {
  private final PagePool pool;
  private final Set<SequencePages> resting = new LinkedHashSet<>(); // the one longest at rest first

  RestingPages(PagePool pool) {
    this.pool = pool;
  }

  /** From here on the sequence may lose its pages. */
  public synchronized void rest(SequencePages pages) {
    if (pages.size() > 0 && resting.add(pages)) {
      for (int i = 0; i < pages.size(); i++) {
        pool.rest(pages.held(i));
      }
    }
  }

  /** From here on the sequence keeps what it still has: all of its pages, or none. */
  public synchronized void wake(SequencePages pages) {
    if (resting.remove(pages)) {
      for (int i = 0; i < pages.size(); i++) {
        pool.wake(pages.held(i));
      }
    }
  }

  /**
   * Takes the pages of the sequence that has been at rest longest; those that the tree has as well
   * can be evicted then.
   *
   * @return false if there is none
   */
  synchronized boolean relieve() {
    Iterator<SequencePages> oldest = resting.iterator();
    if (!oldest.hasNext()) {
      return false;
    }
    SequencePages pages = oldest.next();
    oldest.remove();
    pages.giveUp();
    return true;
  }
}
