package dev.qwenmcp.engine.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Finds what is known of a sequence, in memory and in the store.
 *
 * <p>One look-up at a time reads from the store: others that want the same pages then find them in
 * memory. Meanwhile the cache's lock is free.
 */
final class PrefixLookup {
  private static final int PAGE = KvLayout.PAGE_TOKENS;

  /** Pages that are read from the store at a time. */
  private static final int RUN = 32;

  /** Pages that others give up for a run at most: as many as can wait to be written at least. */
  private static final int GIVEN_UP = PageWriter.FEWEST_STAGED;

  private final PagePool pool;
  private final PrefixTree tree;
  private final ReentrantLock restoring = new ReentrantLock();
  private final ReentrantLock lock;
  private volatile boolean closed;

  /**
   * @param lock guards the tree
   */
  PrefixLookup(PagePool pool, PrefixTree tree, ReentrantLock lock) {
    this.pool = pool;
    this.tree = tree;
    this.lock = lock;
  }

  /**
   * Shares the longest known beginning.
   *
   * @param pages empty, of the pool
   */
  CachedPrefix find(PrefixNode root, int[] wanted, SequencePages pages) {
    int partial = shareResident(root, wanted, pages);
    int restored = 0;
    // What memory has of the next page, the store may have more of.
    if (root.store() != PageStore.NONE && partial < left(wanted, pages)) {
      restoring.lock();
      try {
        restored = restore(root, wanted, pages);
      } finally {
        restoring.unlock();
      }
    }
    int found = shareRest(root, wanted, pages);
    return new CachedPrefix(pages, found, Math.min(restored, found));
  }

  /** Reads nothing more; waits for the pages that are being read. */
  void close() {
    closed = true;
    restoring.lock();
    restoring.unlock();
  }

  /** The node of the sequence's last published page. */
  static PrefixNode start(PrefixNode root, SequencePages pages) {
    PrefixNode tail = pages.tail();
    return tail != null && tail.rootNode() == root ? tail : root;
  }

  /**
   * Shares the full pages that memory has after those the sequence holds.
   *
   * @return tokens of the next page that memory has, seen in the same moment: fewer than a page, so
   *     that a page which another thread adds right after is never taken for the end
   */
  private int shareResident(PrefixNode root, int[] wanted, SequencePages pages) {
    lock.lock();
    try {
      PrefixNode node = start(root, pages);
      while (node.depth() * PAGE + PAGE <= wanted.length) {
        PrefixNode child = node.child(next(wanted, node));
        if (child == null) {
          break;
        }
        use(child);
        pages.share(child.page());
        node = child;
      }
      pages.published(node);
      int[] ids = next(wanted, node);
      PrefixNode nearest = ids.length == 0 ? null : node.nearest(ids);
      return nearest == null ? 0 : nearest.common(ids);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Shares what memory has by now, and of the page after that the one that agrees longest.
   *
   * @return the number of tokens known then
   */
  private int shareRest(PrefixNode root, int[] wanted, SequencePages pages) {
    lock.lock(); // for both, so that the second begins where the first ended
    try {
      shareResident(root, wanted, pages);
      PrefixNode tail = pages.tail();
      int known = tail.depth() * PAGE;
      if (known == wanted.length) {
        return known;
      }
      int[] ids = next(wanted, tail);
      PrefixNode child = tail.nearest(ids);
      if (child == null) {
        return known;
      }
      use(child);
      pages.share(child.page());
      return known + child.common(ids);
    } finally {
      lock.unlock();
    }
  }

  private static int left(int[] wanted, SequencePages pages) {
    return Math.min(PAGE, wanted.length - pages.publishedPages() * PAGE);
  }

  /** The ids of the page after a node, fewer than 64 at the end. */
  static int[] next(int[] wanted, PrefixNode node) {
    return next(wanted, node.depth());
  }

  private static int[] next(int[] wanted, int index) {
    int from = index * PAGE;
    return Arrays.copyOfRange(wanted, from, Math.min(from + PAGE, wanted.length));
  }

  /** Reads pages back that continue the sequence's; the number of wanted tokens they hold. */
  private int restore(PrefixNode root, int[] wanted, SequencePages pages) {
    int restored = 0;
    int partial = shareResident(root, wanted, pages); // others may have restored some meanwhile
    while (!closed && partial < left(wanted, pages)) {
      List<PageEntry> run = stored(root.store(), wanted, pages.tail(), partial);
      List<PagePool.Page> targets = acquire(run.size());
      if (targets.isEmpty()) {
        break; // nothing is stored, or what is in use has precedence and the rest is computed
      }
      try {
        boolean[] whole = PageReads.read(root.store(), run, targets, () -> closed);
        for (int i = 0; i < whole.length && whole[i]; i++) {
          PageEntry entry = run.get(i);
          if (pages.tail().key().equals(entry.parent())) { // else others were faster
            insert(pages.tail(), entry.tokens(), targets.get(i));
            restored += common(entry.tokens(), next(wanted, entry.index()));
            partial =
                shareResident(root, wanted, pages); // while the page is held, so that it stays
          }
        }
        // A page that was damaged or gone is not offered again.
      } finally {
        targets.forEach(pool::release);
      }
    }
    return restored;
  }

  /**
   * Pages of the store after a node, one after the other, as many as are read at a time.
   *
   * @param partial wanted tokens of the first page that memory has; the store must have more
   */
  private static List<PageEntry> stored(
      PageStore store, int[] wanted, PrefixNode tail, int partial) {
    List<PageEntry> run = new ArrayList<>();
    PageKey parent = tail.key();
    int known = partial;
    for (int index = tail.depth(); run.size() < RUN && index * PAGE < wanted.length; index++) {
      int[] ids = next(wanted, index);
      PageEntry entry = store.nearest(parent, ids).orElse(null);
      if (entry == null || entry.index() != index || common(entry.tokens(), ids) <= known) {
        break;
      }
      run.add(entry);
      if (common(entry.tokens(), ids) < PAGE) {
        break;
      }
      parent = entry.key();
      known = 0;
    }
    return run;
  }

  /**
   * So many pages, or as many as there is memory for. Others give up few of theirs for it at a
   * time: what they lose is to be written first, and only some of it can wait for that.
   */
  private List<PagePool.Page> acquire(int count) {
    List<PagePool.Page> acquired = new ArrayList<>(count);
    try {
      while (acquired.size() < count) {
        PagePool.Page free = pool.acquireFree();
        if (free == null && acquired.size() >= GIVEN_UP) {
          break;
        }
        acquired.add(free == null ? pool.acquire() : free);
      }
    } catch (KvMemoryException _) {
      // what there is serves
    } catch (RuntimeException | Error e) {
      acquired.forEach(pool::release);
      throw e;
    }
    return acquired;
  }

  private static int common(int[] a, int[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? Math.min(a.length, b.length) : mismatch;
  }

  /** Adds a page under one that the caller holds. */
  private void insert(PrefixNode parent, int[] ids, PagePool.Page page) {
    lock.lock();
    try {
      if (parent.child(ids) == null) {
        tree.insert(parent, ids, page);
      }
    } finally {
      lock.unlock();
    }
  }

  private void use(PrefixNode node) {
    tree.touch(node);
    node.store().touch(node.key());
  }
}
