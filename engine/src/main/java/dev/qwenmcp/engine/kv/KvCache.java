package dev.qwenmcp.engine.kv;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Every prefix that was ever computed, as far as memory and disk reach: pages of 64 tokens, found
 * by their token ids, shared by all sequences of a scope. Safe for many threads.
 *
 * <p>A page enters when all its 64 positions are computed and confirmed ({@link #publish}), and is
 * never written to from there on: a sequence that wants to copies it. When the pool's budget is
 * used up, the pages that nobody uses and that cost least to have again make room.
 *
 * <p>Locks are taken in this order: that of restoring ({@link PrefixLookup}), the cache's, then the
 * pool's, the writer's or a store's own. None of the last three is held while calling out.
 */
public final class KvCache implements AutoCloseable {
  /** Clients give a program a few seconds to end. */
  private static final Duration LAST_WRITES = Duration.ofSeconds(3);

  private static final int PAGE = KvLayout.PAGE_TOKENS;

  private final PagePool pool;
  private final KvOrigin origin;
  private final PageStores stores;
  private final PrefixTree tree;
  private final PageWriter writer;
  private final ReentrantLock lock = new ReentrantLock();
  private final PrefixLookup lookup;
  private final UnwrittenPages unwritten;
  private final RestingPages resting;
  private long askedTokens;
  private long foundTokens;
  private long restoredTokens;
  private long evictedPages;
  private long lostPages;
  private boolean closed;

  /**
   * @param pool of all pages; asks this cache for room from here on
   * @param origin what the pages are of
   * @param cost of having a page again
   * @param stores where pages outlast the process; closed with the cache
   */
  public KvCache(PagePool pool, KvOrigin origin, PageCost cost, PageStores stores) {
    this.pool = pool;
    this.origin = origin;
    this.stores = stores;
    this.tree = new PrefixTree(pool, cost);
    this.lookup = new PrefixLookup(pool, tree, lock);
    this.unwritten = new UnwrittenPages(tree, lock);
    this.writer = new PageWriter(pool.layout().pageBytes(), unwritten);
    this.resting = new RestingPages(pool);
    pool.reclaimer(() -> reclaim() || resting.relieve());
  }

  /** Where sequences leave their pages while they do not compute. */
  public RestingPages resting() {
    return resting;
  }

  /**
   * The longest known beginning of some tokens: pages in memory are shared, then pages in the store
   * read back, then the page that agrees longest with what is left shared as well, to be copied
   * when it is written to. Never fails: a page that cannot be had is not known.
   *
   * @param length how many of {@code tokens} count; one less than all where the last one's logits
   *     are wanted
   * @return pages that the caller closes; no tokens once the cache is closed
   */
  public CachedPrefix match(CacheScope scope, int[] tokens, int length) {
    SequencePages pages = new SequencePages(pool);
    PrefixNode root = root(scope);
    if (root == null) {
      return new CachedPrefix(pages, 0, 0);
    }
    CachedPrefix found;
    try {
      found = lookup.find(root, Arrays.copyOf(tokens, length), pages);
    } catch (RuntimeException | Error e) {
      pages.close();
      throw e;
    }
    lock.lock();
    try {
      askedTokens += length;
      foundTokens += found.tokens();
      restoredTokens += found.restoredTokens();
    } finally {
      lock.unlock();
    }
    return found;
  }

  /**
   * Lets others find the full pages of a sequence. Where the cache has the same page already, the
   * sequence takes that one. Cheap when nothing is new; the sequence is at rest meanwhile.
   *
   * @param pages all of one scope
   * @param computed tokens whose keys and values are there and that are no guesses
   */
  public void publish(CacheScope scope, TokenView tokens, SequencePages pages, int computed) {
    int full = computed / PAGE;
    if (full == 0 || full == pages.publishedPages()) {
      return;
    }
    PrefixNode root = root(scope);
    if (root == null) {
      return;
    }
    lock.lock();
    try {
      PrefixNode node = PrefixLookup.start(root, pages);
      for (int i = node.depth(); i < full; i++) {
        int[] ids = tokens.range(i * PAGE, (i + 1) * PAGE);
        PrefixNode child = node.child(ids);
        if (child == null) {
          child = tree.insert(node, ids, pages.held(i));
        } else {
          tree.touch(child);
          pages.replace(i, child.page()); // the same bits
        }
        node = child;
      }
      pages.published(node);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Keeps the known full pages of a prefix in memory, read back from the store where needed; at
   * most half of the budget is kept for all pins together.
   */
  public PinnedPrefix pin(CacheScope scope, int[] tokens) {
    int full = tokens.length / PAGE * PAGE;
    CachedPrefix found = match(scope, tokens, full);
    try (SequencePages pages = found.pages()) {
      lock.lock();
      try {
        PrefixNode last = pages.tail();
        if (last == null) {
          return new PinnedPrefix(this, null, 0);
        }
        long room = pool.maxPages() / 2 - tree.pinned();
        while (!last.isRoot() && newPins(last) > room) {
          last = last.parent();
        }
        tree.pin(last);
        return new PinnedPrefix(this, last, last.depth() * PAGE);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Asks for the pages of a prefix to be written to the store in the background. */
  public void persist(CacheScope scope, int[] tokens, int length) {
    PrefixNode root = root(scope);
    if (root == null || !root.store().writable()) {
      return;
    }
    lock.lock();
    try {
      PrefixNode node = root;
      for (int at = 0; at + PAGE <= length; at += PAGE) {
        node = node.child(Arrays.copyOfRange(tokens, at, at + PAGE));
        if (node == null) {
          break;
        }
        unwritten.add(node);
      }
      wakeWriter();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets the writing of pages that memory has as well give way to computing, for a while.
   *
   * @param computing whether something computes at the moment; quick, from any thread
   */
  public void giveWayTo(BooleanSupplier computing) {
    writer.giveWayTo(computing);
  }

  /**
   * Waits until what was asked for is in the store.
   *
   * @return false if the time passed first or the store cannot be written to
   */
  public boolean flush(Duration atMost) {
    return writer.flush(atMost);
  }

  /** What the cache holds and did. */
  public CacheStatistics statistics() {
    StoreStatistics store = stores.statistics();
    lock.lock();
    try {
      return new CacheStatistics(
          pool.layout().pageBytes(),
          pool.maxPages(),
          pool.pagesInUse(),
          tree.pages(),
          tree.pinned(),
          askedTokens,
          foundTokens,
          restoredTokens,
          evictedPages,
          lostPages,
          store);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Compares the holders of every page with those that are known.
   *
   * @param sequences all that exist and are at rest
   * @return what is wrong, for people; empty if nothing is
   */
  public List<String> audit(Collection<SequencePages> sequences) {
    lock.lock();
    try {
      return new CacheAudit(pool).check(tree, sequences);
    } finally {
      lock.unlock();
    }
  }

  /** Gives up every page that nobody uses or pins, writing those that are not in the store. */
  public void evictAll() {
    while (reclaim()) {
      // one more
    }
  }

  /** Writes what is not written yet, for a few seconds at most, and forgets everything. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      List<PrefixNode> nodes = new ArrayList<>();
      tree.forEach(nodes::add);
      nodes.sort(Comparator.comparingDouble((PrefixNode n) -> n.priority).reversed());
      nodes.forEach(unwritten::addPath);
      wakeWriter();
    } finally {
      lock.unlock();
    }
    lookup.close(); // nobody reads into a page that is about to be freed
    writer.close(LAST_WRITES);
    stores.close();
  }

  /** Whether memory has all pages of a prefix, without using them. */
  boolean resident(CacheScope scope, int[] tokens) {
    PrefixNode node = root(scope);
    lock.lock();
    try {
      while (node != null && node.depth() * PAGE + PAGE <= tokens.length) {
        node = node.child(PrefixLookup.next(tokens, node));
      }
      return node != null;
    } finally {
      lock.unlock();
    }
  }

  void unpin(PrefixNode last) {
    lock.lock();
    try {
      tree.unpin(last);
    } finally {
      lock.unlock();
    }
  }

  /** The scope's root, or null once closed. */
  private PrefixNode root(CacheScope scope) {
    PageKey key = origin.rootKey(scope);
    lock.lock();
    try {
      return closed ? null : tree.root(key, stores);
    } finally {
      lock.unlock();
    }
  }

  private static long newPins(PrefixNode last) {
    long count = 0;
    for (PrefixNode node = last; !node.isRoot(); node = node.parent()) {
      count += node.pins == 0 ? 1 : 0;
    }
    return count;
  }

  private void wakeWriter() {
    if (!unwritten.isEmpty()) {
      writer.wake();
    }
  }

  private boolean reclaim() {
    lock.lock();
    try {
      return tree.evict(this::evicted);
    } finally {
      lock.unlock();
    }
  }

  private void evicted(PrefixNode node) {
    evictedPages++;
    unwritten.remove(node);
    PageStore store = node.store();
    boolean kept =
        store.contains(node.key())
            || store.writable() && writer.offer(store, node.entry(), node.page().memory());
    if (!kept) {
      lostPages++;
    }
  }
}
