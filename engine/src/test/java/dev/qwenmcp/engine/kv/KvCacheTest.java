package dev.qwenmcp.engine.kv;

import static dev.qwenmcp.engine.kv.TestPages.COST;
import static dev.qwenmcp.engine.kv.TestPages.LAYOUT;
import static dev.qwenmcp.engine.kv.TestPages.ORIGIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class KvCacheTest {
  private static final CacheScope SCOPE = CacheScope.LOCAL;

  private static PagePool pool(int pages) {
    return new PagePool(LAYOUT, pages * LAYOUT.pageBytes());
  }

  private static KvCache cache(PagePool pool) {
    return new KvCache(pool, ORIGIN, COST, PageStores.NONE);
  }

  private static TokenView view(int[] tokens) {
    return (from, to) -> Arrays.copyOfRange(tokens, from, to);
  }

  private static int[] tokens(long seed, int length) {
    return new Random(seed).ints(length, 0, 1000).toArray();
  }

  /** Computes and publishes all tokens, and gives the sequence back. */
  private static void learn(KvCache cache, PagePool pool, CacheScope scope, int[] tokens) {
    try (SequencePages pages = new SequencePages(pool)) {
      TestPages.compute(pages, tokens, 0, tokens.length);
      cache.publish(scope, view(tokens), pages, tokens.length);
    }
  }

  private static int known(KvCache cache, CacheScope scope, int[] tokens) {
    CachedPrefix found = cache.match(scope, tokens, tokens.length);
    found.pages().close();
    return found.tokens();
  }

  @Test
  void whatOneSequenceComputedTheNextFindsUpToTheTokenThatDiffers() {
    try (PagePool pool = pool(20);
        KvCache cache = cache(pool)) {
      int[] document = tokens(1, 300);
      learn(cache, pool, SCOPE, document);
      int[] other = document.clone();
      other[150] = -1;
      CachedPrefix found = cache.match(SCOPE, other, other.length);
      assertThat(found.tokens()).isEqualTo(150);
      assertThat(found.restoredTokens()).isZero();
      assertThat(TestPages.firstWrong(found.pages(), other, 150)).isEqualTo(150);
      found.pages().close();
      assertThat(known(cache, SCOPE, document)).isEqualTo(256); // 44 more fill no page
      assertThat(cache.audit(List.of())).isEmpty();
    }
  }

  @Test
  void aSharedPageIsCopiedBeforeItIsWrittenTo() {
    try (PagePool pool = pool(20);
        KvCache cache = cache(pool)) {
      int[] document = tokens(1, 128);
      learn(cache, pool, SCOPE, document);
      int[] other = document.clone();
      other[100] = -1;
      CachedPrefix found = cache.match(SCOPE, other, 128);
      TestPages.compute(found.pages(), other, found.tokens(), 128);
      cache.publish(SCOPE, view(other), found.pages(), 128);
      assertThat(TestPages.firstWrong(found.pages(), other, 128)).isEqualTo(128);
      CachedPrefix first = cache.match(SCOPE, document, 128);
      assertThat(first.tokens()).isEqualTo(128);
      assertThat(TestPages.firstWrong(first.pages(), document, 128)).isEqualTo(128);
      assertThat(pool.pagesInUse()).isEqualTo(3);
      assertThat(cache.audit(List.of(found.pages(), first.pages()))).isEmpty();
    }
  }

  @Test
  void sequencesThatComputedTheSameTogetherKeepOneCopy() {
    try (PagePool pool = pool(20);
        KvCache cache = cache(pool)) {
      int[] document = tokens(1, 256);
      List<SequencePages> sequences = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        SequencePages pages = new SequencePages(pool);
        TestPages.compute(pages, document, 0, 256);
        sequences.add(pages);
      }
      sequences.forEach(pages -> cache.publish(SCOPE, view(document), pages, 256));
      assertThat(pool.pagesInUse()).isEqualTo(4);
      for (SequencePages pages : sequences) {
        assertThat(TestPages.firstWrong(pages, document, 256)).isEqualTo(256);
      }
      assertThat(cache.audit(sequences)).isEmpty();
    }
  }

  @Test
  void scopesDoNotFindEachOthersPages() {
    try (PagePool pool = pool(20);
        KvCache cache = cache(pool)) {
      int[] document = tokens(1, 128);
      learn(cache, pool, new CacheScope("a"), document);
      assertThat(known(cache, new CacheScope("b"), document)).isZero();
      assertThat(known(cache, SCOPE, document)).isZero();
      assertThat(known(cache, new CacheScope("a"), document)).isEqualTo(128);
    }
  }

  @Test
  void pagesMakeRoomThatNobodyUses() {
    try (PagePool pool = pool(4);
        KvCache cache = cache(pool)) {
      int[] old = tokens(1, 128);
      int[] recent = tokens(2, 128);
      learn(cache, pool, SCOPE, old);
      learn(cache, pool, SCOPE, recent);
      try (SequencePages pages = new SequencePages(pool)) {
        pages.prepare(0, 1);
        assertThat(known(cache, SCOPE, recent)).isEqualTo(128);
        assertThat(known(cache, SCOPE, old)).isEqualTo(64); // the last page goes first
        pages.prepare(0, 256);
        assertThat(cache.statistics().evictedPages()).isEqualTo(4);
        assertThatThrownBy(() -> pages.prepare(0, 257)).isInstanceOf(KvMemoryException.class);
      }
    }
  }

  @Test
  void pinnedPrefixesStayWithinHalfOfTheBudget() {
    try (PagePool pool = pool(8);
        KvCache cache = cache(pool)) {
      int[] header = tokens(1, 6 * 64);
      learn(cache, pool, SCOPE, header);
      PinnedPrefix pin = cache.pin(SCOPE, header);
      assertThat(pin.tokens()).isEqualTo(4 * 64);
      cache.evictAll();
      assertThat(known(cache, SCOPE, header)).isEqualTo(4 * 64);
      pin.close();
      pin.close();
      assertThat(cache.statistics().pinnedPages()).isZero();
      cache.evictAll();
      assertThat(known(cache, SCOPE, header)).isZero();
      assertThat(pool.pagesInUse()).isZero();
    }
  }

  @Test
  void aClosedCacheKnowsNothingAndTakesNothing() {
    try (PagePool pool = pool(4)) {
      KvCache cache = cache(pool);
      int[] document = tokens(1, 128);
      learn(cache, pool, SCOPE, document);
      cache.close();
      assertThat(known(cache, SCOPE, document)).isZero();
      learn(cache, pool, SCOPE, tokens(2, 128));
      cache.persist(SCOPE, document, 128);
      cache.close();
    }
  }

  private static final class Live {
    private final int[] tokens;
    private final SequencePages pages;
    private int computed;

    Live(int[] tokens, SequencePages pages, int computed) {
      this.tokens = tokens;
      this.pages = pages;
      this.computed = computed;
    }
  }

  /**
   * Random look-ups, growth, forks, truncations, pins and evictions: the longest known beginning is
   * found, its content is right, holders add up, and nothing used or pinned ever goes.
   */
  @Property(tries = 300)
  void behavesAsAListOfAllPages(@ForAll long seed) {
    Random random = new Random(seed);
    PrefixModel model = new PrefixModel();
    int budget = 8 + random.nextInt(30);
    try (PagePool pool = pool(budget);
        KvCache cache = cache(pool)) {
      List<Live> live = new ArrayList<>();
      List<PinnedPrefix> pins = new ArrayList<>();
      List<int[]> pinned = new ArrayList<>();
      List<int[]> asked = new ArrayList<>();
      for (int step = 0; step < 60; step++) {
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> {
            int[] tokens = derive(random, asked);
            int length = random.nextInt(tokens.length + 1);
            CachedPrefix found = cache.match(SCOPE, tokens, length);
            assertThat(found.tokens()).isEqualTo(model.longest(tokens, length));
            assertThat(TestPages.firstWrong(found.pages(), tokens, found.tokens()))
                .isEqualTo(found.tokens());
            live.add(new Live(tokens, found.pages(), found.tokens()));
            asked.add(tokens);
          }
          case 3, 4 -> {
            if (!live.isEmpty()) {
              grow(random, cache, live.get(random.nextInt(live.size())));
            }
          }
          case 5 -> {
            if (!live.isEmpty()) {
              Live one = live.get(random.nextInt(live.size()));
              if (random.nextBoolean()) {
                live.add(new Live(one.tokens.clone(), one.pages.fork(), one.computed));
              } else {
                one.computed = random.nextInt(one.computed + 1);
                one.pages.truncate(one.computed);
                System.arraycopy(
                    TestPages.tokens(random, one.tokens.length - one.computed),
                    0,
                    one.tokens,
                    one.computed,
                    one.tokens.length - one.computed);
              }
            }
          }
          case 6 -> {
            if (!live.isEmpty()) {
              live.remove(random.nextInt(live.size())).pages.close();
            }
          }
          default -> {
            if (pins.size() < 2 && !asked.isEmpty()) {
              int[] tokens = asked.get(random.nextInt(asked.size()));
              PinnedPrefix pin = cache.pin(SCOPE, tokens);
              assertThat(pin.tokens()).isLessThanOrEqualTo(model.longest(tokens, tokens.length));
              pins.add(pin);
              pinned.add(Arrays.copyOf(tokens, pin.tokens()));
            } else if (!pins.isEmpty()) {
              pins.removeFirst().close();
              pinned.removeFirst();
            } else {
              cache.evictAll();
            }
          }
        }
        // What others see is what was published and has not gone; learn of both.
        live.forEach(one -> model.add(one.tokens, one.pages.publishedPages() * 64));
        for (int[] prefix : model.all()) {
          if (!cache.resident(SCOPE, prefix)) {
            model.remove(prefix);
            assertThat(pinned).noneMatch(p -> startsWith(p, prefix));
            for (Live one : live) {
              boolean used =
                  one.pages.publishedPages() * 64 >= prefix.length
                      && startsWith(one.tokens, prefix);
              assertThat(used).isFalse();
            }
          }
        }
        assertThat(pool.pagesInUse()).isLessThanOrEqualTo(budget);
        assertThat(cache.audit(live.stream().map(one -> one.pages).toList())).isEmpty();
      }
      live.forEach(one -> one.pages.close());
      pins.forEach(PinnedPrefix::close);
      cache.evictAll();
      assertThat(pool.pagesInUse()).isZero();
    }
  }

  private static void grow(Random random, KvCache cache, Live one) {
    int to = one.computed + random.nextInt(one.tokens.length - one.computed + 1);
    if (to > one.computed) {
      try {
        TestPages.compute(one.pages, one.tokens, one.computed, to);
        one.computed = to;
      } catch (KvMemoryException _) {
        // Everything is in use; what was computed before is still right.
      }
    }
    assertThat(TestPages.firstWrong(one.pages, one.tokens, one.computed)).isEqualTo(one.computed);
    cache.publish(SCOPE, view(one.tokens), one.pages, one.computed);
    assertThat(one.pages.publishedPages()).isEqualTo(one.computed / 64);
  }

  private static int[] derive(Random random, List<int[]> asked) {
    int length = 1 + random.nextInt(400);
    int[] tokens = TestPages.tokens(random, length);
    if (!asked.isEmpty() && random.nextInt(3) > 0) {
      int[] before = asked.get(random.nextInt(asked.size()));
      int common = random.nextInt(Math.min(before.length, length) + 1);
      System.arraycopy(before, 0, tokens, 0, common);
    }
    return tokens;
  }

  private static boolean startsWith(int[] tokens, int[] prefix) {
    return tokens.length >= prefix.length
        && IntStream.range(0, prefix.length).allMatch(i -> tokens[i] == prefix[i]);
  }
}
