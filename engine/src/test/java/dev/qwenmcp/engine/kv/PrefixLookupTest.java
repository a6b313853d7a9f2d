package dev.qwenmcp.engine.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
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
  private record SlowStore(AtomicReference<Runnable> meanwhile, boolean has) implements PageStore {
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
    public boolean contains(PageKey key) {
      return false;
    }

    @Override
    public boolean read(PageEntry entry, MemorySegment target) {
      return true;
    }

    @Override
    public void write(PageEntry entry, MemorySegment page) throws IOException {
      throw new IOException("read-only");
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void touch(PageKey key) {}
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
      CachedPrefix found = cache.match(SCOPE, DOCUMENT, DOCUMENT.length);
      assertThat(found.tokens()).isEqualTo(DOCUMENT.length);
      assertThat(TestPages.firstWrong(found.pages(), DOCUMENT, DOCUMENT.length))
          .isEqualTo(DOCUMENT.length);
      found.pages().close();
      assertThat(cache.audit(List.of())).isEmpty();
    }
  }

  private static void learn(KvCache cache, PagePool pool) {
    try (SequencePages pages = new SequencePages(pool)) {
      TestPages.compute(pages, DOCUMENT, 0, DOCUMENT.length);
      TokenView view = (from, to) -> Arrays.copyOfRange(DOCUMENT, from, to);
      cache.publish(SCOPE, view, pages, DOCUMENT.length);
    }
  }
}
