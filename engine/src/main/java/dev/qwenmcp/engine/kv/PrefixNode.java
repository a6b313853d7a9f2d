package dev.qwenmcp.engine.kv;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** A page in the tree, or the root of a scope. What changes is guarded by the cache's lock. */
final class PrefixNode {
  /** Ids in lexicographic order: whoever shares the longest beginning stands next to a query. */
  private final TreeMap<int[], PrefixNode> children = new TreeMap<>(Arrays::compare);

  private final PrefixNode parent; // null for a root
  private final PageStore store;
  private final PageKey key;
  private final int depth; // pages from the root to here, this one included
  private final int[] tokens; // empty for a root
  private PagePool.Page page; // null for a root and once evicted

  // Of PrefixTree:
  double priority;
  long order;
  int pins;
  boolean stored;

  private PrefixNode(PrefixNode parent, PageStore store, PageKey key, int[] tokens) {
    this.parent = parent;
    this.store = store;
    this.key = key;
    this.depth = parent == null ? 0 : parent.depth + 1;
    this.tokens = tokens;
  }

  static PrefixNode root(PageKey key, PageStore store) {
    return new PrefixNode(null, store, key, new int[0]);
  }

  PrefixNode add(int[] ids, PagePool.Page page) {
    PrefixNode child = new PrefixNode(this, store, key.child(ids), ids);
    child.page = page;
    children.put(ids, child);
    return child;
  }

  /** Takes the node out of the tree. */
  PagePool.Page remove() {
    PagePool.Page removed = page;
    parent.children.remove(tokens);
    page = null;
    return removed;
  }

  /** The child of exactly these 64 ids, or null. */
  PrefixNode child(int[] ids) {
    return children.get(ids);
  }

  /** The child with the longest common beginning, or null if none shares the first id. */
  PrefixNode nearest(int[] ids) {
    PrefixNode below = value(children.floorEntry(ids));
    PrefixNode above = value(children.ceilingEntry(ids));
    int commonBelow = below == null ? 0 : below.common(ids);
    int commonAbove = above == null ? 0 : above.common(ids);
    if (commonBelow + commonAbove == 0) {
      return null;
    }
    return commonBelow > commonAbove ? below : above;
  }

  private static PrefixNode value(Map.Entry<int[], PrefixNode> entry) {
    return entry == null ? null : entry.getValue();
  }

  /** Number of leading ids that are the node's. */
  int common(int[] ids) {
    int mismatch = Arrays.mismatch(tokens, ids);
    return mismatch < 0 ? ids.length : mismatch;
  }

  /** This node or the one above it that {@code pages} pages lead to. */
  PrefixNode ancestor(int pages) {
    PrefixNode node = this;
    while (node.depth > pages) {
      node = node.parent;
    }
    return node;
  }

  PrefixNode rootNode() {
    return ancestor(0);
  }

  boolean isRoot() {
    return parent == null;
  }

  boolean isLeaf() {
    return children.isEmpty();
  }

  boolean resident() {
    return page != null;
  }

  PrefixNode parent() {
    return parent;
  }

  Iterable<PrefixNode> children() {
    return children.values();
  }

  PageStore store() {
    return store;
  }

  PageKey key() {
    return key;
  }

  int depth() {
    return depth;
  }

  PagePool.Page page() {
    return page;
  }

  PageEntry entry() {
    return new PageEntry(parent.key, key, depth - 1, tokens);
  }
}
