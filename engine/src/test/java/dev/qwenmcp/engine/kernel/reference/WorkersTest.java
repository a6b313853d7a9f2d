package dev.qwenmcp.engine.kernel.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void everyItemIsDoneOnceByAWorkerOfItsOwnIndex(int threads) {
    try (Workers workers = new Workers(threads)) {
      for (int items : new int[] {0, 1, 3, 1000}) {
        AtomicIntegerArray done = new AtomicIntegerArray(Math.max(items, 1));
        AtomicIntegerArray busy = new AtomicIntegerArray(threads);
        workers.each(
            items,
            (worker, item) -> {
              assertThat(busy.getAndIncrement(worker)).isZero();
              done.incrementAndGet(item);
              busy.decrementAndGet(worker);
            });
        for (int i = 0; i < items; i++) {
          assertThat(done.get(i)).isEqualTo(1);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void whatAnItemThrowsReachesTheCallerAndTheNextCallWorks(int threads) {
    try (Workers workers = new Workers(threads)) {
      for (int bad : new int[] {0, 40, 99}) {
        assertThatThrownBy(() ->
                workers.each(
                    100,
                    (worker, item) -> {
                      if (item == bad) {
                        throw new IllegalStateException("item " + item);
                      }
                    }))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("item " + bad);
        AtomicInteger sum = new AtomicInteger();
        workers.each(10, (worker, item) -> sum.addAndGet(item));
        assertThat(sum).hasValue(45);
      }
    }
  }

  @Test
  void anInterruptDoesNotCutTheWorkShort() {
    try (Workers workers = new Workers(2)) {
      AtomicInteger done = new AtomicInteger();
      Thread.currentThread().interrupt();
      workers.each(1000, (worker, item) -> done.incrementAndGet());
      assertThat(Thread.interrupted()).isTrue();
      assertThat(done).hasValue(1000);
    }
  }

  @Test
  void refusesNoThreads() {
    assertThatThrownBy(() -> new Workers(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
