package dev.qwenmcp.engine.kernel.reference;

import dev.qwenmcp.engine.gguf.GgmlType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The values of a tile of positions, and their sum weighted by softmax. Serves one thread. */
sealed interface ValueSum {

  /** Decodes the row at {@code offset} of {@code data} as the value of position {@code slot}. */
  void load(MemorySegment data, long offset, int slot);

  /**
   * Adds a tile to the sum of a query head.
   *
   * @param scores of the tile's positions, overwritten
   * @param count how many of them the query sees, at least 1
   */
  void add(float[] scores, int count, State state);

  /** For tiles of {@code slots} positions with {@code dim} elements in pages of this type. */
  static ValueSum of(GgmlType type, int dim, int slots) {
    return type.quantised() ? new Integers(type, dim, slots) : new Floats(type, dim, slots);
  }

  /** Running softmax of one query head. */
  final class State {
    private final float[] acc;
    private final float[] sums = new float[16];
    private float max = Float.NEGATIVE_INFINITY;

    State(int dim) {
      this.acc = new float[dim];
    }

    private void scale(float factor) {
      for (int r = 0; r < sums.length; r++) {
        sums[r] *= factor;
      }
      for (int i = 0; i < acc.length; i++) {
        acc[i] *= factor;
      }
    }

    /** Writes the result from {@code to}; the state is used up. */
    void result(float[] out, int to) {
      float total = Arithmetic.fold16(sums);
      for (int i = 0; i < acc.length; i++) {
        out[to + i] = acc[i] / total;
      }
    }
  }

  private static float max(float[] scores, int count) {
    float max = scores[0];
    for (int j = 1; j < count; j++) {
      max = Math.max(max, scores[j]);
    }
    return max;
  }

  /** Values widened to float32. */
  final class Floats implements ValueSum {
    private final int dim;
    private final Dequantiser dequantiser;
    private final float[] values;

    Floats(GgmlType type, int dim, int slots) {
      this.dim = dim;
      this.dequantiser = new Dequantiser(type, dim);
      this.values = new float[Math.multiplyExact(slots, dim)];
    }

    @Override
    public void load(MemorySegment data, long offset, int slot) {
      dequantiser.row(data, offset, values, slot * dim);
    }

    @Override
    public void add(float[] scores, int count, State state) {
      float max = Math.max(state.max, max(scores, count));
      state.scale(Arithmetic.exp(state.max - max));
      state.max = max;
      for (int j = 0; j < count; j++) {
        float p = Arithmetic.exp(scores[j] - max);
        state.sums[j % 16] += p;
        for (int i = 0; i < dim; i++) {
          state.acc[i] = Math.fma(p, values[j * dim + i], state.acc[i]);
        }
      }
    }
  }

  /** Integer sums of values in blocks of 32 and of softmax rounded to 15 bits. */
  final class Integers implements ValueSum {
    /** Steps of a weight: 64 * 32767 * 128 is below 2^31. */
    private static final float STEPS = 32767;

    private static final int BLOCK = RowDecoder.BLOCK;

    private final int dim;
    private final RowDecoder decoder;
    private final RowDecoder.Target rows;
    private final int[] dots = new int[BLOCK];

    Integers(GgmlType type, int dim, int slots) {
      this.dim = dim;
      this.decoder = new RowDecoder(type, dim);
      this.rows = RowDecoder.Target.of(Math.multiplyExact(slots, dim));
    }

    @Override
    public void load(MemorySegment data, long offset, int slot) {
      decoder.decode(data, offset, rows, slot * dim);
    }

    @Override
    public void add(float[] scores, int count, State state) {
      float tileMax = max(scores, count);
      float[] tileSums = new float[16];
      for (int j = 0; j < count; j++) {
        scores[j] = Arithmetic.exp(scores[j] - tileMax);
        tileSums[j % 16] += scores[j];
      }
      float max = Math.max(state.max, tileMax);
      float part = Arithmetic.exp(tileMax - max);
      state.scale(Arithmetic.exp(state.max - max));
      state.max = max;
      for (int r = 0; r < 16; r++) {
        state.sums[r] = Math.fma(part, tileSums[r], state.sums[r]);
      }
      for (int b = 0; b < dim / BLOCK; b++) {
        addBlock(scores, count, b, part, state.acc);
      }
    }

    private void addBlock(float[] p, int count, int block, float part, float[] acc) {
      int blocks = dim / BLOCK;
      float largest = 0;
      for (int j = 0; j < count; j++) {
        largest = Math.max(largest, Math.abs(rows.scale()[j * blocks + block]));
      }
      float inverse = largest == 0 ? 0 : STEPS / largest;
      Arrays.fill(dots, 0);
      for (int j = 0; j < count; j++) {
        int weight = (int) Math.rint(p[j] * (rows.scale()[j * blocks + block] * inverse));
        int from = (j * blocks + block) * BLOCK;
        for (int i = 0; i < BLOCK; i++) {
          dots[i] += weight * rows.u()[from + i];
        }
      }
      float step = (largest / STEPS) * part;
      for (int i = 0; i < BLOCK; i++) {
        int at = block * BLOCK + i;
        acc[at] = Math.fma(step, (float) dots[i], acc[at]);
      }
    }
  }
}
