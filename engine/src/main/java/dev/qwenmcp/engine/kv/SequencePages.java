package dev.qwenmcp.engine.kv;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** The pages of one sequence; a fork shares them until either side writes. Not thread-safe. */
public final class SequencePages implements PageTable, AutoCloseable {
  private final PagePool pool;
  private final List<PagePool.Page> pages = new ArrayList<>();
  private MemorySegment addresses = MemorySegment.NULL;
  private PrefixNode tail; // the last page of those that a cache shares; null for none

  public SequencePages(PagePool pool) {
    this.pool = pool;
  }

  @Override
  public int size() {
    return pages.size();
  }

  @Override
  public MemorySegment page(int index) {
    return pages.get(index).memory();
  }

  @Override
  public MemorySegment addresses() {
    return addresses;
  }

  /**
   * Makes positions {@code from} (inclusive) to {@code to} (exclusive) writable: missing pages are
   * acquired, shared ones copied.
   *
   * @throws KvMemoryException if no page is left; nothing is lost
   */
  public void prepare(int from, int to) {
    int firstPage = from / KvLayout.PAGE_TOKENS;
    int endPage = (to + KvLayout.PAGE_TOKENS - 1) / KvLayout.PAGE_TOKENS;
    unpublish(firstPage);
    try {
      for (int i = firstPage; i < endPage; i++) {
        if (i >= pages.size()) {
          pages.add(pool.acquire());
        } else if (pool.shared(pages.get(i))) {
          copy(i);
        }
      }
    } finally {
      writeAddresses();
    }
  }

  private void copy(int index) {
    PagePool.Page shared = pages.get(index);
    PagePool.Page copy;
    try {
      copy = pool.acquire();
    } catch (KvMemoryException e) {
      if (pool.shared(shared)) {
        throw e;
      }
      return; // whoever shared it has given it up
    }
    copy.memory().copyFrom(shared.memory());
    pool.release(pages.set(index, copy));
  }

  /** Gives back the pages that hold no position below {@code length}. */
  public void truncate(int length) {
    int keep = (length + KvLayout.PAGE_TOKENS - 1) / KvLayout.PAGE_TOKENS;
    while (pages.size() > keep) {
      pool.release(pages.removeLast());
    }
    unpublish(length / KvLayout.PAGE_TOKENS);
    writeAddresses();
  }

  /** The same pages in a second sequence. */
  public SequencePages fork() {
    SequencePages copy = new SequencePages(pool);
    for (PagePool.Page page : pages) {
      pool.retain(page);
      copy.pages.add(page);
    }
    copy.tail = tail;
    copy.writeAddresses();
    return copy;
  }

  @Override
  public void close() {
    truncate(0);
  }

  /** Loses all pages, of which it is an idle holder. */
  void giveUp() {
    pages.forEach(pool::releaseIdle);
    pages.clear();
    tail = null;
  }

  /** The page as its pool knows it. */
  PagePool.Page held(int index) {
    return pages.get(index);
  }

  /** Appends a page that others hold too. */
  void share(PagePool.Page page) {
    pool.retain(page);
    pages.add(page);
    writeAddresses();
  }

  /** Takes another page of the same content. */
  void replace(int index, PagePool.Page page) {
    if (pages.get(index) != page) {
      pool.retain(page);
      pool.release(pages.set(index, page));
      addresses.setAtIndex(ValueLayout.JAVA_LONG, index, page.memory().address());
    }
  }

  /** Notes that all pages up to this one are those of the tree. */
  void published(PrefixNode last) {
    tail = last;
  }

  /** The node of the last page that is the tree's; null before the first. */
  PrefixNode tail() {
    return tail;
  }

  /** How many of the pages are the tree's. */
  int publishedPages() {
    return tail == null ? 0 : tail.depth();
  }

  /** From page {@code from} on, pages are no longer the tree's. */
  private void unpublish(int from) {
    if (tail != null && tail.depth() > from) {
      tail = tail.ancestor(from);
    }
  }

  private void writeAddresses() {
    // Garbage-collected memory: a sequence has no owner that could be relied on to close it.
    if (addresses.byteSize() < 8L * pages.size()) {
      addresses = Arena.ofAuto().allocate(16L * pages.size(), 8);
    }
    for (int i = 0; i < pages.size(); i++) {
      addresses.setAtIndex(ValueLayout.JAVA_LONG, i, pages.get(i).memory().address());
    }
  }
}
