package dev.qwenmcp.engine.kv;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.concurrent.locks.ReentrantLock;

/** Pages in memory that are wanted in their stores, in the order of asking. */
final class UnwrittenPages implements PageWriter.Source {
  private final PrefixTree tree;
  private final ReentrantLock lock;
  private final LinkedHashSet<PrefixNode> nodes = new LinkedHashSet<>();

  /**
   * @param lock guards the tree and this
   */
  UnwrittenPages(PrefixTree tree, ReentrantLock lock) {
    this.tree = tree;
    this.lock = lock;
  }

  boolean isEmpty() {
    return nodes.isEmpty();
  }

  /** Adds a page unless it is in the store; the caller holds the lock. */
  void add(PrefixNode node) {
    if (!node.store().contains(node.key())) {
      nodes.add(node);
    }
  }

  /** Adds a page and before it those that lead to it; the caller holds the lock. */
  void addPath(PrefixNode last) {
    if (!last.isRoot() && last.store().writable() && !nodes.contains(last)) {
      addPath(last.parent());
      add(last);
    }
  }

  /** A page is evicted; the caller holds the lock. */
  void remove(PrefixNode node) {
    nodes.remove(node);
  }

  @Override
  public PageWriter.Task next(MemorySegment buffer) {
    lock.lock();
    try {
      while (!nodes.isEmpty()) {
        PrefixNode node = nodes.removeFirst();
        if (!node.store().contains(node.key())) {
          buffer.copyFrom(node.page().memory());
          return new PageWriter.Task(node, node.store(), node.entry(), buffer);
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void written(PageWriter.Task task) {
    if (task.node() != null) {
      lock.lock();
      try {
        tree.stored(task.node());
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public void failed(PageWriter.Task task) {
    lock.lock();
    try {
      if (task.node() != null && task.node().resident()) {
        nodes.addLast(task.node());
      }
    } finally {
      lock.unlock();
    }
  }
}
