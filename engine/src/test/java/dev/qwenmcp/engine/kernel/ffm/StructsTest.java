package dev.qwenmcp.engine.kernel.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemoryLayout;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The sizes that the C side asserts when it is compiled (native/src/check.c). */
class StructsTest {
  @Test
  void sizesAreThoseOfTheHeader() {
    Map<MemoryLayout, Long> sizes =
        Map.ofEntries(
            Map.entry(Structs.FLOATS, 16L),
            Map.entry(Structs.MATRIX, 32L),
            Map.entry(Structs.NORM, 24L),
            Map.entry(Structs.KV, 64L),
            Map.entry(Structs.OUTPUT, 72L),
            Map.entry(Structs.EMBED, 64L),
            Map.entry(Structs.PROJECT, 56L),
            Map.entry(Structs.APPEND, 200L),
            Map.entry(Structs.ATTEND, 112L),
            Map.entry(Structs.FEED_FORWARD, 144L),
            Map.entry(Structs.MIXTURE, 192L));
    assertThat(sizes).allSatisfy((layout, size) -> assertThat(layout.byteSize()).isEqualTo(size));
  }
}
