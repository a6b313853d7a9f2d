package dev.qwenmcp.engine.kv;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Radix tree over pages of 64 token ids, with a root for each scope; holds every page in it. Not
 * thread-safe: {@link KvCache} guards it.
 *
 * <p>What goes first is chosen by GreedyDual (Young 1994; Cao and Irani 1997): a page's priority is
 * the clock at its last use plus the seconds it takes to have it again, and the clock follows the
 * priority of the last page that went. Only leaves go, so that a page's ancestors are always there.
 */
final class PrefixTree {
  private final PagePool pool;
  private final PageCost cost;
  private final Map<PageKey, PrefixNode> roots = new HashMap<>();
  private final TreeSet<PrefixNode> leaves =
      new TreeSet<>(
          Comparator.comparingDouble((PrefixNode n) -> n.priority).thenComparingLong(n -> n.order));
  private double clock;
  private long uses;
  private long pages;
  private long pinned;

  PrefixTree(PagePool pool, PageCost cost) {
    this.pool = pool;
    this.cost = cost;
  }

  PrefixNode root(PageKey key, PageStores stores) {
    return roots.computeIfAbsent(key, k -> PrefixNode.root(k, stores.store(k)));
  }

  /** Adds a page, which the tree holds from here on; no child of these ids is there yet. */
  PrefixNode insert(PrefixNode parent, int[] ids, PagePool.Page page) {
    pool.retainIdle(page);
    leaves.remove(parent);
    PrefixNode node = parent.add(ids, page);
    node.stored = node.store().contains(node.key());
    pages++;
    touch(node);
    return node;
  }

  /** Notes a use. */
  void touch(PrefixNode node) {
    boolean leaf = !node.isRoot() && node.isLeaf();
    if (leaf) {
      leaves.remove(node);
    }
    node.priority = clock + cost.again(node.depth() - 1, node.stored);
    node.order = ++uses;
    if (leaf) {
      leaves.add(node);
    }
  }

  /** Notes that a page is in its store, so that losing it costs less. */
  void stored(PrefixNode node) {
    if (!node.resident() || node.stored) {
      return;
    }
    boolean leaf = leaves.remove(node);
    node.priority -= cost.again(node.depth() - 1, false) - cost.again(node.depth() - 1, true);
    node.stored = true;
    if (leaf) {
      leaves.add(node);
    }
  }

  /** Pins the node and all above it. */
  void pin(PrefixNode last) {
    for (PrefixNode node = last; !node.isRoot(); node = node.parent()) {
      if (node.pins++ == 0) {
        pinned++;
        pool.wake(node.page());
      }
    }
  }

  void unpin(PrefixNode last) {
    for (PrefixNode node = last; !node.isRoot(); node = node.parent()) {
      if (--node.pins == 0) {
        pinned--;
        pool.rest(node.page());
      }
    }
  }

  /**
   * Takes the least valuable leaf out that nobody else holds.
   *
   * @param farewell sees it and its page before the page is released
   * @return false if there is none
   */
  boolean evict(Consumer<PrefixNode> farewell) {
    Iterator<PrefixNode> candidates = leaves.iterator();
    while (candidates.hasNext()) {
      PrefixNode node = candidates.next();
      // Nobody can begin to hold it now: sequences get pages from the tree under its lock, or from
      // each other, which then hold it already.
      if (node.pins == 0 && !pool.shared(node.page())) {
        candidates.remove();
        clock = Math.max(clock, node.priority);
        farewell.accept(node);
        pool.releaseIdle(node.remove());
        pages--;
        if (!node.parent().isRoot() && node.parent().isLeaf()) {
          leaves.add(node.parent());
        }
        return true;
      }
    }
    return false;
  }

  /** Every page, those before it first. */
  void forEach(Consumer<PrefixNode> action) {
    ArrayDeque<PrefixNode> open = new ArrayDeque<>(roots.values());
    while (!open.isEmpty()) {
      PrefixNode node = open.pop();
      if (!node.isRoot()) {
        action.accept(node);
      }
      node.children().forEach(open::push);
    }
  }

  long pages() {
    return pages;
  }

  long pinned() {
    return pinned;
  }
}
