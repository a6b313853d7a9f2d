package dev.qwenmcp.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.testmodel.RandomModel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * 10,000 damaged files: each gives a typed error or a file that can be read to its last byte, and
 * takes memory in proportion to its own bytes, whatever it claims.
 */
class GgufMutationTest {
  private static final int FILES = 10_000;
  private static final long SEED = 20260101;

  /** An exception with its trace, the lines of a summary, the checks of this test. */
  private static final long ALLOWANCE = 24 << 10;

  /**
   * Objects for each byte of the file: a pair takes 14 bytes in the file, and about 200 in a map
   * with its key; an empty string takes 8, and 4 in a list.
   */
  private static final long OPENED_BYTES_PER_BYTE = 20;

  /** A boxed element takes 16 to 24 bytes for 1 in the file. */
  private static final long DECODED_BYTES_PER_BYTE = 60;

  private final ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private long readBytes;

  @Test
  @Timeout(120)
  void everyDamagedFileIsRefusedOrReadableWithinItsOwnSize() throws IOException {
    List<byte[]> valid = List.of(everyValueType(), manyTensors(), model());
    SplittableRandom random = new SplittableRandom(SEED);
    GgufMutations[] mutations = {
      new GgufMutations(valid.get(0), valid.get(1)),
      new GgufMutations(valid.get(1), valid.get(0)),
      new GgufMutations(valid.get(2), valid.get(1))
    };
    for (byte[] bytes : valid) {
      readEverything(GgufFile.of("valid", MemorySegment.ofArray(bytes)));
    }
    int refused = 0;
    for (int i = 0; i < FILES; i++) {
      byte[] bytes = mutations[i % mutations.length].next(random);
      try {
        refused += opens(bytes) ? 0 : 1;
      } catch (Throwable e) {
        throw new AssertionError("damaged file " + i + " of seed " + SEED + ": " + e, e);
      }
    }
    // Both ways out must have been taken often, or the damage is of the wrong kind.
    assertThat(refused).isBetween(FILES / 2, FILES * 19 / 20);
    assertThat(readBytes).isPositive();
  }

  /** Whether the file is accepted; then all of it has been read. */
  private boolean opens(byte[] bytes) throws Exception {
    Object opened = within(bytes.length * OPENED_BYTES_PER_BYTE, () -> open(bytes));
    if (opened instanceof GgufFormatException refusal) {
      assertThat(refusal.file()).isEqualTo("damaged");
      assertThat(refusal.offset()).isBetween(-1L, (long) bytes.length);
      return false;
    }
    GgufFile file = (GgufFile) opened;
    within(bytes.length * DECODED_BYTES_PER_BYTE, () -> readEverything(file));
    return true;
  }

  private static Object open(byte[] bytes) {
    try {
      return GgufFile.of("damaged", MemorySegment.ofArray(bytes));
    } catch (GgufFormatException refusal) {
      return refusal;
    }
  }

  /** Calls and holds what it allocates against the bound. */
  private <T> T within(long bound, Callable<T> call) throws Exception {
    long before = memory.getCurrentThreadAllocatedBytes();
    T result = call.call();
    long taken = memory.getCurrentThreadAllocatedBytes() - before;
    if (taken > ALLOWANCE + bound) {
      // Code that runs for the first time links itself, which takes memory once: look again.
      before = memory.getCurrentThreadAllocatedBytes();
      call.call();
      taken = memory.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(taken).as("bytes allocated").isLessThanOrEqualTo(ALLOWANCE + bound);
    return result;
  }

  private GgufFile readEverything(GgufFile file) throws GgufFormatException {
    GgufMetadata metadata = file.metadata();
    for (String key : metadata.keys()) {
      walk(metadata.get(key).orElseThrow());
      if (metadata.type(key).orElseThrow() == GgufValueType.ARRAY) {
        readTyped(metadata, key);
      }
    }
    long end = 0;
    for (TensorInfo tensor :
        file.tensors().stream().sorted(Comparator.comparingLong(TensorInfo::offset)).toList()) {
      assertThat(tensor.offset()).isGreaterThanOrEqualTo(end);
      end = tensor.offset() + tensor.byteSize();
      long size = tensor.elements() / tensor.type().blockSize() * tensor.type().blockBytes();
      MemorySegment data = file.data(tensor);
      assertThat(data.byteSize()).isEqualTo(tensor.byteSize()).isEqualTo(size);
      for (long i = 0; i < data.byteSize(); i++) {
        readBytes += data.get(ValueLayout.JAVA_BYTE, i) & 1;
      }
    }
    assertThat(GgufSummary.of(file).lines()).isNotEmpty();
    return file;
  }

  private static void readTyped(GgufMetadata metadata, String key) {
    try {
      switch (((GgufArray) metadata.get(key).orElseThrow()).type()) {
        case STRING -> metadata.strings(key);
        case FLOAT32, FLOAT64 -> metadata.numbers(key);
        default -> metadata.integers(key);
      }
    } catch (GgufFormatException refused) {
      // Malformed text, numbers out of range and arrays of other things are refused here.
      assertThat(refused.expected()).isNotBlank();
    }
  }

  private static void walk(Object value) {
    if (value instanceof Collection<?> list) {
      list.forEach(GgufMutationTest::walk);
    } else {
      Objects.requireNonNull(value);
    }
  }

  private static byte[] everyValueType() throws IOException {
    GgufDraft draft = new GgufDraft().alignment(16);
    for (GgufValueType type : GgufValueType.values()) {
      Object value =
          switch (type) {
            case STRING -> "text of some length";
            case BOOL -> true;
            case ARRAY -> null;
            default -> 1;
          };
      if (value != null) {
        draft.put("value." + type, type, value);
        draft.put(
            "array." + type,
            GgufValueType.ARRAY,
            new GgufDraft.Array(type, List.of(value, value, value)));
      }
    }
    GgufDraft.Array strings = new GgufDraft.Array(GgufValueType.STRING, List.of("a", "", "bcd"));
    GgufDraft.Array nested = new GgufDraft.Array(GgufValueType.ARRAY, List.of(strings, strings));
    draft.put("array.nested", GgufValueType.ARRAY, nested);
    draft.tensor("only", GgmlType.F32, List.of(5L, 3L));
    return write(draft);
  }

  private static byte[] manyTensors() throws IOException {
    GgufDraft draft = new GgufDraft().string("general.architecture", "qwen3");
    for (GgmlType type : GgmlType.values()) {
      draft.tensor("of." + type, type, List.of((long) type.blockSize(), 2L));
    }
    return write(draft);
  }

  private static byte[] model() {
    ModelShape shape =
        ModelShape.mixture()
            .withLayers(1)
            .withWidth(32)
            .withHeads(2, 1, 16)
            .withExperts(2, 1, 32)
            .withVocabulary(270);
    try (Arena arena = Arena.ofConfined()) {
      return RandomModel.of(shape, GgmlType.Q8_0, 1).toMemory(arena).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static byte[] write(GgufDraft draft) throws IOException {
    byte[] bytes = new byte[(int) draft.fileSize()];
    SplittableRandom random = new SplittableRandom(1);
    try (GgufWriter writer = GgufWriter.into(MemorySegment.ofArray(bytes), draft)) {
      for (TensorInfo tensor : draft.tensors()) {
        byte[] data = new byte[(int) tensor.byteSize()];
        random.nextBytes(data);
        writer.write(tensor.name(), MemorySegment.ofArray(data));
      }
      writer.finish();
    }
    return bytes;
  }
}
