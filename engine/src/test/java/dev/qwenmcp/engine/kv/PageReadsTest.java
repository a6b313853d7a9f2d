package dev.qwenmcp.engine.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PageReadsTest {
  private static final int PAGES = 21;

  private final PagePool pool =
      new PagePool(TestPages.LAYOUT, PAGES * TestPages.LAYOUT.pageBytes());
  private final List<PageEntry> entries = new ArrayList<>();
  private final List<PagePool.Page> targets = new ArrayList<>();

  PageReadsTest() {
    PageKey parent = PageKey.digest(new byte[1]);
    for (int i = 0; i < PAGES; i++) {
      PageEntry entry = PageEntry.of(parent, i, new int[KvLayout.PAGE_TOKENS]);
      parent = entry.key();
      entries.add(entry);
      targets.add(pool.acquire());
    }
  }

  @AfterEach
  void free() {
    pool.close();
  }

  /** A store that writes the page's index; others decide which pages it has. */
  private record Store(Predicate<PageEntry> has) implements ReadOnlyStore {
    @Override
    public Optional<PageEntry> nearest(PageKey parent, int[] tokens) {
      return Optional.empty();
    }

    @Override
    public boolean read(PageEntry entry, MemorySegment target) {
      boolean there = has.test(entry);
      target.set(ValueLayout.JAVA_INT, 0, entry.index());
      return there;
    }
  }

  @Test
  void eachTargetGetsItsPage() {
    boolean[] whole = PageReads.read(new Store(_ -> true), entries, targets, () -> false);
    assertThat(whole).hasSize(PAGES).doesNotContain(false);
    for (int i = 0; i < PAGES; i++) {
      assertThat(targets.get(i).memory().get(ValueLayout.JAVA_INT, 0)).isEqualTo(i);
    }
  }

  @Test
  void afterAMissingPageNoneIsBegun() {
    AtomicInteger read = new AtomicInteger();
    Store store = new Store(e -> read.incrementAndGet() > 0 && e.index() != 9);
    ThreadFactory none =
        _ -> {
          throw new OutOfMemoryError("unable to create native thread");
        };
    boolean[] whole = PageReads.read(store, entries, targets, () -> false, none);
    for (int i = 0; i < PAGES; i++) {
      assertThat(whole[i]).as("page %d", i).isEqualTo(i < 9);
    }
    assertThat(read).hasValue(10);
  }

  @Test
  void whereTheSystemHasNoThreadsLeftFewerReadAndAllAreWaitedFor() {
    AtomicInteger made = new AtomicInteger();
    ThreadFactory scarce =
        work ->
            made.incrementAndGet() == 1
                ? new Thread(work)
                : new Thread(work) {
                  @Override
                  public void start() {
                    throw new OutOfMemoryError("unable to create native thread");
                  }
                };
    AtomicInteger reading = new AtomicInteger();
    Thread caller = Thread.currentThread();
    Store store =
        new Store(_ -> {
          reading.incrementAndGet();
          try {
            Thread.sleep(Thread.currentThread() == caller ? 1 : 30); // the helper ends last
            return true;
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          } finally {
            reading.decrementAndGet();
          }
        });
    boolean[] whole = PageReads.read(store, entries, targets, () -> false, scarce);
    assertThat(whole).doesNotContain(false);
    assertThat(reading).hasValue(0);
    assertThat(made).hasValue(2);
  }

  @Test
  void severalAreReadAtATime() {
    CountDownLatch together = new CountDownLatch(2);
    Store store =
        new Store(_ -> {
          together.countDown();
          try {
            return together.await(10, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    assertThat(PageReads.read(store, entries.subList(0, 2), targets.subList(0, 2), () -> false))
        .containsExactly(true, true);
  }

  @Test
  void nothingIsWrittenToATargetAfterAFailure() {
    AtomicInteger reading = new AtomicInteger();
    Store store =
        new Store(entry -> {
          reading.incrementAndGet();
          try {
            Thread.sleep(20);
            if (entry.index() == 0) {
              throw new IllegalStateException("page 0");
            }
            Thread.sleep(20);
            return true;
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          } finally {
            reading.decrementAndGet();
          }
        });
    assertThatThrownBy(() -> PageReads.read(store, entries, targets, () -> false))
        .hasMessage("page 0");
    assertThat(reading).hasValue(0);
  }

  @Test
  void anInterruptIsKeptAndHarmsNothing() {
    Thread.currentThread().interrupt();
    boolean[] whole = PageReads.read(new Store(_ -> true), entries, targets, () -> false);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(whole).doesNotContain(false);
  }

  @Test
  void stoppedReadsBeginNoFurtherPage() {
    AtomicInteger read = new AtomicInteger();
    Store store = new Store(_ -> read.incrementAndGet() > 0);
    boolean[] whole = PageReads.read(store, entries, targets, () -> read.get() >= 3);
    // Each of four readers may have looked just before the third page was counted.
    assertThat(read.get()).isBetween(3, 6);
    assertThat(whole).contains(false);
  }
}
