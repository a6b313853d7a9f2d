package dev.qwenmcp.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Memory taken by files that are made to take as much as they can. */
class GgufMemoryTest {
  private final ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void smallestPairsTakeObjectsInProportion() throws Exception {
    int count = 60_000;
    RawGguf raw = RawGguf.header(0, count);
    for (int i = 0; i < count; i++) {
      raw.string(Integer.toString(i, 36)).int32(GgufValueType.UINT8.id()).bytes((byte) 1);
    }
    MemorySegment bytes = raw.segment();
    assertThat(allocated(() -> GgufFile.of("m", bytes))).isLessThan(25 * bytes.byteSize());
  }

  @Test
  void smallestTensorsTakeObjectsInProportion() throws Exception {
    int count = 20_000;
    RawGguf raw =
        RawGguf.header(count, 1)
            .string("general.alignment")
            .int32(GgufValueType.UINT32.id())
            .int32(8);
    for (int i = 0; i < count; i++) {
      raw.tensor(Integer.toString(i, 36), GgmlType.I8.id(), 8L * i, 1);
    }
    MemorySegment bytes = raw.data(8 * count).segment();
    assertThat(allocated(() -> GgufFile.of("m", bytes))).isLessThan(25 * bytes.byteSize());
  }

  @Test
  void arraysTakeNothingUntilTheyAreAskedFor() throws Exception {
    MemorySegment flags = array(GgufValueType.BOOL, 1 << 20, 1);
    MemorySegment texts = array(GgufValueType.STRING, 1 << 17, 8);
    for (MemorySegment bytes : List.of(flags, texts)) {
      assertThat(allocated(() -> GgufFile.of("m", bytes))).isLessThan(32 << 10);
      GgufFile file = GgufFile.of("m", bytes);
      assertThat(allocated(() -> GgufSummary.of(file).lines())).isLessThan(32 << 10);
    }
    GgufMetadata metadata = GgufFile.of("m", texts).metadata();
    assertThat(allocated(() -> metadata.strings("a"))).isLessThan(2 * texts.byteSize());
  }

  @Test
  void claimsOfGigabytesTakeNothing() throws Exception {
    for (GgufValueType type : GgufValueType.values()) {
      for (long claim : new long[] {1L << 30, 1L << 32, Long.MAX_VALUE}) {
        MemorySegment bytes =
            RawGguf.pair("a", GgufValueType.ARRAY).int32(type.id()).int64(claim).segment();
        refusedCheaply(bytes);
      }
    }
    for (long claim : new long[] {1L << 30, 1L << 32, Long.MAX_VALUE}) {
      refusedCheaply(RawGguf.header(claim, 0).int64(0).segment());
      refusedCheaply(RawGguf.header(0, claim).int64(0).segment());
      refusedCheaply(RawGguf.header(0, 1).int64(claim).segment());
      refusedCheaply(RawGguf.pair("s", GgufValueType.STRING).int64(claim).segment());
    }
  }

  /** A model of Qwen3's vocabulary: 151,936 tokens and 151,387 merges. */
  @Test
  void theHeaderOfALargeVocabularyIsReadAtOnce() throws Exception {
    GgufDraft draft =
        new GgufDraft()
            .strings("tokenizer.ggml.tokens", Collections.nCopies(151_936, "Ġtoken"))
            .strings("tokenizer.ggml.merges", Collections.nCopies(151_387, "Ġto ken"));
    MemorySegment bytes = MemorySegment.ofArray(draft.header());
    long start = memory.getCurrentThreadCpuTime();
    GgufFile file = GgufFile.of("m", bytes);
    int count =
        file.metadata().strings("tokenizer.ggml.tokens").orElseThrow().size()
            + file.metadata().strings("tokenizer.ggml.merges").orElseThrow().size();
    long millis = (memory.getCurrentThreadCpuTime() - start) / 1_000_000;
    assertThat(count).isEqualTo(151_936 + 151_387);
    // About 70 ms of processor time in a fresh JVM, 10 ms once it is compiled.
    assertThat(millis).isLessThan(400);
  }

  private void refusedCheaply(MemorySegment bytes) throws Exception {
    long taken =
        allocated(() -> {
          try {
            return GgufFile.of("m", bytes);
          } catch (GgufFormatException e) {
            return e;
          }
        });
    assertThat(taken).isLessThan(16 << 10);
    assertThatThrownBy(() -> GgufFile.of("m", bytes)).isInstanceOf(GgufFormatException.class);
  }

  private static MemorySegment array(GgufValueType type, int count, int size) throws IOException {
    return RawGguf.pair("a", GgufValueType.ARRAY)
        .int32(type.id())
        .int64(count)
        .bytes(new byte[count * size])
        .segment();
  }

  /** Bytes of the second call: the first one loads classes as well. */
  private long allocated(Callable<?> call) throws Exception {
    call.call();
    long before = memory.getCurrentThreadAllocatedBytes();
    call.call();
    return memory.getCurrentThreadAllocatedBytes() - before;
  }
}
