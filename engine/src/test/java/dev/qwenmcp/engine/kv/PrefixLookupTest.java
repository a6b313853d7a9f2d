package dev.qwenmcp.engine.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixLookupTest {
  private static final CacheScope SCOPE = CacheScope.LOCAL;
  private static final int[] DOCUMENT = new Random(1).ints(640, 0, 1000).toArray();

  /**
   * Lets something happen before it answers the first question.
   *
   * @param has whether it then says that it has the page asked for
   */
  private record SlowStore(AtomicReference<Runnable> meanwhile, boolean has)
      implements ReadOnlyStore {
    @Override
    public Optional<PageEntry> nearest(PageKey parent, int[] tokens) {
      Runnable first = meanwhile.getAndSet(null);
      if (first == null) {
        return Optional.empty();
      }
      first.run();
      return has ? Optional.of(PageEntry.of(parent, 0, tokens)) : Optional.empty();
    }

    @Override
    public boolean read(PageEntry entry, MemorySegment target) {
      return true;
    }
  }

  private record OneStore(PageStore store) implements PageStores {
    @Override
    public PageStore store(PageKey root) {
      return store;
    }

    @Override
    public StoreStatistics statistics() {
      return StoreStatistics.NONE;
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsComputedWhileTheStoreIsAskedIsFoundToItsEnd(boolean storeHasIt) {
    AtomicReference<Runnable> meanwhile = new AtomicReference<>();
    try (PagePool pool = new PagePool(TestPages.LAYOUT, 30 * TestPages.LAYOUT.pageBytes());
        KvCache cache =
            new KvCache(
                pool,
                TestPages.ORIGIN,
                TestPages.COST,
                new OneStore(new SlowStore(meanwhile, storeHasIt)))) {
      meanwhile.set(() -> learn(cache, pool));
      findWhole(cache);
      assertThat(cache.audit(List.of())).isEmpty();
    }
  }

  /** Has all pages of {@link #DOCUMENT}; lets something happen before it reads the first one. */
  private static final class WholeStore implements ReadOnlyStore, AutoCloseable {
    private final PagePool pool = new PagePool(TestPages.LAYOUT, 10 * TestPages.LAYOUT.pageBytes());
    private final SequencePages content = new SequencePages(pool);
    private final Map<PageKey, PageEntry> entries = new HashMap<>(); // by parent
    private final AtomicReference<Runnable> meanwhile = new AtomicReference<>();

    WholeStore() {
      TestPages.compute(content, DOCUMENT, 0, DOCUMENT.length);
    }

    @Override
    public Optional<PageEntry> nearest(PageKey parent, int[] tokens) {
      if (entries.isEmpty()) { // the first question is for the page after the root
        PageKey before = parent;
        for (int i = 0; i < DOCUMENT.length / 64; i++) {
          int[] ids = Arrays.copyOfRange(DOCUMENT, 64 * i, 64 * i + 64);
          entries.put(before, PageEntry.of(before, i, ids));
          before = entries.get(before).key();
        }
      }
      return Optional.ofNullable(entries.get(parent));
    }

    @Override
    public boolean read(PageEntry entry, MemorySegment target) {
      synchronized (meanwhile) {
        Runnable first = meanwhile.getAndSet(null);
        if (first != null) {
          first.run();
        }
      }
      target.copyFrom(content.page(entry.index()));
      return true;
    }

    @Override
    public void close() {
      content.close();
      pool.close();
    }
  }

  @Test
  void whatOthersAddWhileARunIsReadIsKeptOnce() {
    try (WholeStore store = new WholeStore();
        PagePool pool = new PagePool(TestPages.LAYOUT, 30 * TestPages.LAYOUT.pageBytes());
        KvCache cache = new KvCache(pool, TestPages.ORIGIN, TestPages.COST, new OneStore(store))) {
      store.meanwhile.set(() -> learn(cache, pool));
      findWhole(cache);
      assertThat(cache.audit(List.of())).isEmpty();
      assertThat(pool.pagesInUse()).isEqualTo(DOCUMENT.length / 64);
    }
  }

  @Test
  void aFullPoolGivesUpFewPagesAtATime() {
    int[] other = new Random(2).ints(20 * 64, 0, 1000).toArray();
    try (WholeStore store = new WholeStore();
        PagePool pool = new PagePool(TestPages.LAYOUT, 21 * TestPages.LAYOUT.pageBytes());
        KvCache cache = new KvCache(pool, TestPages.ORIGIN, TestPages.COST, new OneStore(store))) {
      learn(cache, pool, other);
      AtomicLong evicted = new AtomicLong(-1);
      store.meanwhile.set(() -> evicted.set(cache.statistics().evictedPages()));
      CachedPrefix found = findWhole(cache);
      assertThat(evicted.get()).isOne(); // and one page was free
      assertThat(found.restoredTokens()).isEqualTo(DOCUMENT.length);
      assertThat(cache.statistics().evictedPages()).isEqualTo(DOCUMENT.length / 64 - 1);
      assertThat(cache.audit(List.of())).isEmpty();
    }
  }

  /** Looks for the document, which is found to its end, and lets its pages go again. */
  private static CachedPrefix findWhole(KvCache cache) {
    CachedPrefix found = cache.match(SCOPE, DOCUMENT, DOCUMENT.length);
    assertThat(found.tokens()).isEqualTo(DOCUMENT.length);
    assertThat(TestPages.firstWrong(found.pages(), DOCUMENT, DOCUMENT.length))
        .isEqualTo(DOCUMENT.length);
    found.pages().close();
    return found;
  }

  private static void learn(KvCache cache, PagePool pool) {
    learn(cache, pool, DOCUMENT);
  }

  private static void learn(KvCache cache, PagePool pool, int[] document) {
    try (SequencePages pages = new SequencePages(pool)) {
      TestPages.compute(pages, document, 0, document.length);
      TokenView view = (from, to) -> Arrays.copyOfRange(document, from, to);
      cache.publish(SCOPE, view, pages, document.length);
    }
  }
}
