package dev.qwenmcp.engine.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SequencePagesTest {
  private static final KvLayout LAYOUT = new KvLayout(KvType.Q8_0, 2, 2, 32);

  @Test
  void layoutHasNoGapsAndNoOverlaps() {
    long end = 0;
    for (int layer = 0; layer < LAYOUT.layers(); layer++) {
      for (int head = 0; head < LAYOUT.kvHeads(); head++) {
        assertThat(LAYOUT.keyOffset(layer, head)).isEqualTo(end + head * LAYOUT.headBytes());
      }
      end += LAYOUT.kvHeads() * LAYOUT.headBytes();
      for (int head = 0; head < LAYOUT.kvHeads(); head++) {
        assertThat(LAYOUT.valueOffset(layer, head)).isEqualTo(end + head * LAYOUT.headBytes());
      }
      end += LAYOUT.kvHeads() * LAYOUT.headBytes();
    }
    assertThat(LAYOUT.pageBytes()).isEqualTo(end);
  }

  @Test
  void qwen3MoeTakes51KibATokenInQ8() {
    assertThat(new KvLayout(KvType.Q8_0, 48, 4, 128).bytesPerToken()).isEqualTo(51 * 1024);
  }

  @Test
  void addressesNameThePages() {
    try (PagePool pool = new PagePool(LAYOUT, 10 * LAYOUT.pageBytes());
        SequencePages pages = new SequencePages(pool)) {
      pages.prepare(0, 129);
      assertThat(pages.size()).isEqualTo(3);
      for (int i = 0; i < 3; i++) {
        assertThat(pages.addresses().getAtIndex(ValueLayout.JAVA_LONG, i))
            .isEqualTo(pages.page(i).address());
        assertThat(pages.page(i).address() % 64).isZero();
      }
    }
  }

  @Test
  void exhaustedPoolSaysSoAndRecovers() {
    try (PagePool pool = new PagePool(LAYOUT, 2 * LAYOUT.pageBytes())) {
      SequencePages a = new SequencePages(pool);
      a.prepare(0, 128);
      SequencePages b = new SequencePages(pool);
      assertThatThrownBy(() -> b.prepare(0, 1)).isInstanceOf(KvMemoryException.class);
      a.close();
      b.prepare(0, 1);
      assertThat(pool.pagesInUse()).isOne();
    }
  }

  @Test
  void releasingTwiceIsAnError() {
    try (PagePool pool = new PagePool(LAYOUT, 2 * LAYOUT.pageBytes())) {
      PagePool.Page page = pool.acquire();
      pool.release(page);
      assertThatThrownBy(() -> pool.release(page)).isInstanceOf(IllegalStateException.class);
    }
  }

  /** Random writes, forks, truncations: each sequence always reads what it wrote itself. */
  @Property(tries = 300)
  void forksNeverSeeEachOthersWrites(@ForAll long seed) {
    Random random = new Random(seed);
    try (PagePool pool = new PagePool(LAYOUT, 1000 * LAYOUT.pageBytes())) {
      List<SequencePages> sequences = new ArrayList<>(List.of(new SequencePages(pool)));
      List<List<Long>> expected = new ArrayList<>(List.of(new ArrayList<>()));
      for (int step = 0; step < 40; step++) {
        int s = random.nextInt(sequences.size());
        SequencePages pages = sequences.get(s);
        List<Long> values = expected.get(s);
        switch (random.nextInt(4)) {
          case 0 -> {
            sequences.add(pages.fork());
            expected.add(new ArrayList<>(values));
          }
          case 1 -> {
            int length = random.nextInt(values.size() + 1);
            pages.truncate(length);
            values.subList(length, values.size()).clear();
          }
          default -> {
            int count = 1 + random.nextInt(100);
            pages.prepare(values.size(), values.size() + count);
            for (int i = 0; i < count; i++) {
              long value = random.nextLong();
              write(pages, values.size(), value);
              values.add(value);
            }
          }
        }
        for (int q = 0; q < sequences.size(); q++) {
          assertThat(readAll(sequences.get(q), expected.get(q).size())).isEqualTo(expected.get(q));
        }
      }
      sequences.forEach(SequencePages::close);
      assertThat(pool.pagesInUse()).isZero();
    }
  }

  private static void write(SequencePages pages, int position, long value) {
    pages.page(position / 64).set(ValueLayout.JAVA_LONG, position % 64 * 8L, value);
  }

  private static List<Long> readAll(SequencePages pages, int size) {
    List<Long> values = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      values.add(pages.page(i / 64).get(ValueLayout.JAVA_LONG, i % 64 * 8L));
    }
    return values;
  }
}
