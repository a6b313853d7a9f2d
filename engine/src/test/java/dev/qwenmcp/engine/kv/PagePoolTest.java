package dev.qwenmcp.engine.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.kernel.Kernels;
import dev.qwenmcp.engine.kernel.NativeAvailability;
import dev.qwenmcp.engine.kernel.NativeKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PagePoolTest {
  private static final KvLayout LAYOUT = new KvLayout(KvType.F16, 3, 2, 64);

  /** Writes to all pages before any is read, so that one that overlaps another shows. */
  private static void fillAndCheck(List<PagePool.Page> pages) {
    for (int i = 0; i < pages.size(); i++) {
      pages.get(i).memory().fill((byte) (i + 1));
    }
    for (int i = 0; i < pages.size(); i++) {
      MemorySegment memory = pages.get(i).memory();
      assertThat(memory.byteSize()).isEqualTo(LAYOUT.pageBytes());
      assertThat(memory.address() % 64).isZero();
      byte[] expected = new byte[(int) LAYOUT.pageBytes()];
      Arrays.fill(expected, (byte) (i + 1));
      assertThat(memory.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
    }
  }

  private static List<PagePool.Page> acquireAll(PagePool pool) {
    List<PagePool.Page> pages = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              while (pages.size() < 1_000_000) {
                pages.add(pool.acquire());
              }
            })
        .isInstanceOf(KvMemoryException.class);
    return pages;
  }

  @Test
  void pagesOfABudgetAreApart() {
    try (PagePool pool = new PagePool(LAYOUT, 37 * LAYOUT.pageBytes() + 5)) {
      List<PagePool.Page> pages = acquireAll(pool);
      assertThat(pages).hasSize(37);
      fillAndCheck(pages);
    }
  }

  @Test
  void nativeMemoryServesMoreThanOneBlock() {
    NativeAvailability.require();
    long pages = (64L << 20) / LAYOUT.pageBytes() + 3;
    try (Kernels kernels = NativeKernels.open(1);
        PagePool pool = new PagePool(LAYOUT, pages * LAYOUT.pageBytes(), kernels.pageMemory())) {
      List<PagePool.Page> all = acquireAll(pool);
      assertThat(all).hasSize((int) pages);
      fillAndCheck(all.subList(0, 100));
      fillAndCheck(all.subList(all.size() - 100, all.size()));
    }
  }

  @Test
  void whereALargeBlockIsRefusedPagesComeOneByOne() {
    long most = 10;
    List<Long> asked = new ArrayList<>();
    PageMemory scarce =
        (bytes, arena) -> {
          asked.add(bytes);
          if (bytes > LAYOUT.pageBytes()
              || asked.stream().filter(b -> b == LAYOUT.pageBytes()).count() > most) {
            throw new OutOfMemoryError("refused");
          }
          return PageMemory.JAVA.allocate(bytes, arena);
        };
    try (PagePool pool = new PagePool(LAYOUT, 37 * LAYOUT.pageBytes(), scarce)) {
      List<PagePool.Page> pages = acquireAll(pool);
      assertThat(pages).hasSize((int) most);
      assertThat(asked.stream().limit(6).map(bytes -> bytes / LAYOUT.pageBytes()))
          .containsExactly(37L, 18L, 9L, 4L, 2L, 1L);
      fillAndCheck(pages);
      pool.release(pages.getLast());
      assertThat(pool.acquire()).isSameAs(pages.getLast());
    }
  }
}
