package dev.qwenmcp.engine.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.PageTable;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Seeded operands of kernels: activations, weights of every type, sequences with pages. */
final class RandomInputs {
  private final Random random;
  private final Arena arena;

  RandomInputs(long seed, Arena arena) {
    this.random = new Random(seed);
    this.arena = arena;
  }

  MemorySegment zeros(long floats) {
    return arena.allocate(floats * 4, 64);
  }

  /** Standard normal floats. */
  MemorySegment floats(long count) {
    MemorySegment segment = zeros(count);
    for (long i = 0; i < count; i++) {
      segment.setAtIndex(JAVA_FLOAT, i, (float) random.nextGaussian());
    }
    return segment;
  }

  /**
   * Floats of very different sizes: every 32 are all zeros, subnormal, tiny, ordinary or huge, and
   * ties between two integers once scaled.
   */
  MemorySegment extremes(long count) {
    MemorySegment segment = zeros(count);
    float[] sizes = {0, -0f, 0x1p-140f, 0x1p-101f, 0x1p-99f, 1e-20f, 1, 1e15f};
    for (long block = 0; block < count; block += 32) {
      float size = sizes[random.nextInt(sizes.length)];
      boolean ties = random.nextInt(4) == 0;
      for (long i = block; i < Math.min(block + 32, count); i++) {
        float value = ties ? (random.nextInt(255) - 127) / 127f : (float) random.nextGaussian();
        segment.setAtIndex(JAVA_FLOAT, i, size * value);
      }
    }
    return segment;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  MemorySegment copy(MemorySegment original) {
    return arena.allocate(original.byteSize(), 64).copyFrom(original);
  }

  Norm norm(int count) {
    return new Norm(floats(count), 1e-6f);
  }

  Matrix matrix(GgmlType type, int rows, int cols) {
    return new Matrix(type, rows, cols, weights(type, (long) rows * cols, cols));
  }

  ExpertMatrix experts(GgmlType type, int experts, int rows, int cols) {
    return new ExpertMatrix(
        type, experts, rows, cols, weights(type, (long) experts * rows * cols, cols));
  }

  /**
   * Random bits in every block, with scales that give weights of ordinary size, some of them
   * negative; elements of about 1/sqrt(cols).
   */
  private MemorySegment weights(GgmlType type, long elements, int cols) {
    float size = 1 / (float) Math.sqrt(cols);
    MemorySegment data = arena.allocate(type.rowBytes(elements), 64);
    if (type.quantised()) {
      byte[] bytes = new byte[(int) data.byteSize()];
      random.nextBytes(bytes);
      MemorySegment.copy(bytes, 0, data, JAVA_BYTE, 0, bytes.length);
    }
    long blocks = elements / type.blockSize();
    for (long b = 0; b < blocks; b++) {
      long at = b * type.blockBytes();
      float value = size * (float) random.nextGaussian();
      switch (type) {
        case F32 -> data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, value);
        case F16 -> half(data, at, value);
        case BF16 ->
            data.set(JAVA_SHORT_UNALIGNED, at, (short) (Float.floatToRawIntBits(value) >>> 16));
        case Q8_0 -> half(data, at, value / 64);
        case Q4_0 -> half(data, at, value / 4);
        case Q5_0 -> half(data, at, value / 8);
        case Q4_1, Q5_1 -> {
          half(data, at, value / 8);
          half(data, at + 2, size * (float) random.nextGaussian());
        }
        case Q4_K, Q5_K -> {
          half(data, at, value / 256);
          half(data, at + 2, size / 32 * (float) random.nextGaussian());
        }
        case Q6_K -> half(data, at + 208, value / 1024);
        default -> throw new IllegalArgumentException(type.name());
      }
    }
    return data;
  }

  private static void half(MemorySegment data, long at, float value) {
    data.set(JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(value));
  }

  int[] tokens(int n, int vocabulary) {
    return random.ints(n, 0, vocabulary).toArray();
  }

  /** Angles' cosines and sines, (n, headDim / 2). */
  Kernels.Rotation rotation(int n, int headDim) {
    long count = (long) n * (headDim / 2);
    MemorySegment cos = zeros(count);
    MemorySegment sin = zeros(count);
    for (long i = 0; i < count; i++) {
      double angle = random.nextDouble() * 100;
      cos.setAtIndex(JAVA_FLOAT, i, (float) Math.cos(angle));
      sin.setAtIndex(JAVA_FLOAT, i, (float) Math.sin(angle));
    }
    return new Kernels.Rotation(cos, sin);
  }

  /** Tokens {@code from} (inclusive) to {@code to} (exclusive) of a sequence. */
  record Span(int from, int to) {}

  /** A batch of new tokens of several sequences, their pages zeroed. */
  KvBatch batch(KvLayout layout, List<Span> spans) {
    List<PageTable> tables = new ArrayList<>();
    int[] sequence =
        IntStream.range(0, spans.size())
            .flatMap(s -> IntStream.range(spans.get(s).from, spans.get(s).to).map(p -> s))
            .toArray();
    int[] position = spans.stream().flatMapToInt(s -> IntStream.range(s.from, s.to)).toArray();
    for (Span span : spans) {
      tables.add(new Pages(layout, (span.to + 63) / 64, arena));
    }
    return new KvBatch(layout, sequence, position, tables);
  }

  /** Pages of one sequence. */
  static final class Pages implements PageTable {
    private final List<MemorySegment> pages = new ArrayList<>();
    private final MemorySegment addresses;

    Pages(KvLayout layout, int count, Arena arena) {
      addresses = arena.allocate(ValueLayout.JAVA_LONG, count);
      for (int i = 0; i < count; i++) {
        pages.add(arena.allocate(layout.pageBytes(), 64));
        addresses.setAtIndex(ValueLayout.JAVA_LONG, i, pages.getLast().address());
      }
    }

    @Override
    public int size() {
      return pages.size();
    }

    @Override
    public MemorySegment page(int index) {
      return pages.get(index);
    }

    @Override
    public MemorySegment addresses() {
      return addresses;
    }
  }
}
