package dev.qwenmcp.engine.kv;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/**
 * Native memory of all KV pages of an engine, with a budget; safe for many threads.
 *
 * <p>Pages are counted references: {@link #acquire} gives one with a single holder, {@link #retain}
 * adds a holder, {@link #release} takes one away and recycles the page after the last.
 */
public final class PagePool implements AutoCloseable {
  private static final long CACHE_LINE = 64;

  /** One page and its number of holders, which only the pool changes. */
  public static final class Page {
    private final MemorySegment memory;
    private int holders;

    private Page(MemorySegment memory) {
      this.memory = memory;
    }

    /** The page's bytes, laid out as {@link KvLayout} says. */
    public MemorySegment memory() {
      return memory;
    }
  }

  private final KvLayout layout;
  private final long maxPages;
  private final Arena arena = Arena.ofShared();
  private final ArrayDeque<Page> free = new ArrayDeque<>();
  private long pages;

  /**
   * @param layout what a page holds
   * @param maxBytes budget of all pages together
   */
  public PagePool(KvLayout layout, long maxBytes) {
    this.layout = layout;
    this.maxPages = maxBytes / layout.pageBytes();
  }

  public KvLayout layout() {
    return layout;
  }

  /**
   * A page of one holder; its content is arbitrary.
   *
   * @throws KvMemoryException if the budget or the machine's memory is used up
   */
  public synchronized Page acquire() {
    Page page = free.poll();
    if (page == null) {
      if (pages == maxPages) {
        throw new KvMemoryException(maxPages * layout.pageBytes());
      }
      page = new Page(allocate());
      pages++;
    }
    page.holders = 1;
    return page;
  }

  /** Adds a holder. */
  public synchronized void retain(Page page) {
    if (page.holders < 1) {
      throw new IllegalStateException("a released page cannot be retained");
    }
    page.holders++;
  }

  /** Takes a holder away. */
  public synchronized void release(Page page) {
    if (page.holders < 1) {
      throw new IllegalStateException("a page was released more often than it was held");
    }
    if (--page.holders == 0) {
      free.push(page);
    }
  }

  /** Whether others hold the page too, so that it must be copied before a change. */
  public synchronized boolean shared(Page page) {
    return page.holders > 1;
  }

  /** Pages that somebody holds. */
  public synchronized long pagesInUse() {
    return pages - free.size();
  }

  /** Frees all memory; pages are dead afterwards. */
  @Override
  public synchronized void close() {
    arena.close();
  }

  private MemorySegment allocate() {
    try {
      return arena.allocate(layout.pageBytes(), CACHE_LINE);
    } catch (OutOfMemoryError _) {
      throw new KvMemoryException(pages * layout.pageBytes());
    }
  }
}
