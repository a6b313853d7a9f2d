package dev.qwenmcp.engine.kv;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Compares the number of holders of every page with the holders that are known. */
final class CacheAudit {
  private final PagePool pool;
  private final Map<PagePool.Page, Integer> expected = new IdentityHashMap<>();
  private final List<String> problems = new ArrayList<>();

  CacheAudit(PagePool pool) {
    this.pool = pool;
  }

  List<String> check(PrefixTree tree, Collection<SequencePages> sequences) {
    long[] counted = new long[1];
    tree.forEach(node -> {
      counted[0]++;
      if (!node.resident()) {
        problems.add(node.entry() + " is in the tree without a page");
      } else {
        expected.merge(node.page(), 1, Integer::sum);
      }
    });
    if (counted[0] != tree.pages()) {
      problems.add("the tree has " + counted[0] + " pages and counts " + tree.pages());
    }
    for (SequencePages sequence : sequences) {
      for (int i = 0; i < sequence.size(); i++) {
        expected.merge(sequence.held(i), 1, Integer::sum);
      }
    }
    pool.holders()
        .forEach((page, holders) -> {
          int known = expected.getOrDefault(page, 0);
          if (holders != known) {
            problems.add("a page has " + holders + " holders, known are " + known);
          }
        });
    if (pool.pagesInUse() > pool.maxPages()) {
      problems.add(pool.pagesInUse() + " pages in use of " + pool.maxPages());
    }
    return problems;
  }
}
