package dev.qwenmcp.engine.kv;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Native memory of all KV pages of an engine, with a budget; safe for many threads.
 *
 * <p>Pages are counted references: {@link #acquire} gives one with a single holder, {@link #retain}
 * adds a holder, {@link #release} takes one away and recycles the page after the last. Some holders
 * are idle: they give the page up when it is needed. A page that only such holders have can be had
 * by others, and does not count as {@link #busyPages busy}.
 */
public final class PagePool implements AutoCloseable {
  /** One page and its number of holders, which only the pool changes. */
  public static final class Page {
    private final MemorySegment memory;
    private int holders;
    private int idle; // of the holders

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
  private final PageMemory memory;
  private final Arena arena = Arena.ofShared();
  private final ArrayDeque<Page> free = new ArrayDeque<>();
  private final List<Page> pages = new ArrayList<>();
  private volatile PageReclaimer reclaimer = PageReclaimer.NONE;
  private MemorySegment block = MemorySegment.NULL; // of which pages are still to come
  private long busy;

  /**
   * @param layout what a page holds
   * @param maxBytes budget of all pages together
   * @param memory where the pages' memory comes from
   */
  public PagePool(KvLayout layout, long maxBytes, PageMemory memory) {
    this.layout = layout;
    this.maxPages = maxBytes / layout.pageBytes();
    this.memory = memory;
  }

  /** With memory of the Java runtime. */
  public PagePool(KvLayout layout, long maxBytes) {
    this(layout, maxBytes, PageMemory.JAVA);
  }

  public KvLayout layout() {
    return layout;
  }

  /** Who is asked for pages when the budget is used up. */
  public void reclaimer(PageReclaimer reclaimer) {
    this.reclaimer = reclaimer;
  }

  /**
   * A page of one holder; its content is arbitrary.
   *
   * @throws KvMemoryException if the budget or the machine's memory is used up and the reclaimer
   *     has nothing that could go
   */
  public Page acquire() {
    Page page = acquireFree();
    while (page == null) {
      if (!reclaimer.reclaim()) {
        throw new KvMemoryException(pagesInUse() * layout.pageBytes());
      }
      page = acquireFree();
    }
    return page;
  }

  /**
   * A page of one holder that nobody has to give up for it; its content is arbitrary.
   *
   * @return null if there is none
   */
  synchronized Page acquireFree() {
    Page page = free.poll();
    if (page == null && pages.size() < maxPages) {
      page = allocate();
    }
    if (page != null) {
      page.holders = 1;
      page.idle = 0;
      busy++;
    }
    return page;
  }

  /** Adds a holder. */
  public synchronized void retain(Page page) {
    retainIdle(page);
    wake(page);
  }

  /** Takes a holder away. */
  public synchronized void release(Page page) {
    if (page.holders <= page.idle) {
      throw new IllegalStateException("a page was released more often than it was held");
    }
    rest(page);
    releaseIdle(page);
  }

  /** Adds a holder that will give the page up when it is needed. */
  synchronized void retainIdle(Page page) {
    if (page.holders < 1) {
      throw new IllegalStateException("a released page cannot be retained");
    }
    page.holders++;
    page.idle++;
  }

  /** Takes such a holder away. */
  synchronized void releaseIdle(Page page) {
    if (page.idle < 1) {
      throw new IllegalStateException("a page was given up by nobody");
    }
    page.idle--;
    if (--page.holders == 0) {
      free.push(page);
    }
  }

  /** Makes one of the holders an idle one. */
  synchronized void rest(Page page) {
    page.idle++;
    if (page.idle == page.holders) {
      busy--;
    }
  }

  /** Makes one of the idle holders one that needs the page. */
  synchronized void wake(Page page) {
    if (page.idle == page.holders) {
      busy++;
    }
    page.idle--;
  }

  /** Pages of which somebody will not give up. */
  public synchronized long busyPages() {
    return busy;
  }

  /** Whether others hold the page too, so that it must be copied before a change. */
  public synchronized boolean shared(Page page) {
    return page.holders > 1;
  }

  /** Pages that somebody holds. */
  public synchronized long pagesInUse() {
    return pages.size() - free.size();
  }

  /** Most pages at a time. */
  public long maxPages() {
    return maxPages;
  }

  /** The holders of every page, for audits. */
  synchronized Map<Page, Integer> holders() {
    Map<Page, Integer> all = new IdentityHashMap<>();
    pages.forEach(page -> all.put(page, page.holders));
    return all;
  }

  /** Frees all memory; pages are dead afterwards. */
  @Override
  public synchronized void close() {
    arena.close();
  }

  /** A new page, or null if the machine has no memory left. */
  private Page allocate() {
    long pageBytes = layout.pageBytes();
    long count = Math.max(1, memory.blockBytes() / pageBytes);
    while (block.byteSize() < pageBytes) {
      count = Math.min(count, maxPages - pages.size());
      try {
        block = memory.allocate(count * pageBytes, arena);
      } catch (OutOfMemoryError _) {
        if (count == 1) {
          return null;
        }
        count /= 2;
      }
    }
    Page page = new Page(block.asSlice(0, pageBytes));
    block = block.asSlice(pageBytes);
    pages.add(page);
    return page;
  }
}
