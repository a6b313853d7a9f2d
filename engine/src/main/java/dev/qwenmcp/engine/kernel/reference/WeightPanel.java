package dev.qwenmcp.engine.kernel.reference;

import dev.qwenmcp.engine.gguf.GgmlType;
import java.lang.foreign.MemorySegment;

/**
 * A few decoded rows of a weight matrix (or the keys of a KV page), to be multiplied with many
 * activations. Serves one thread.
 */
sealed interface WeightPanel {

  /** Decodes the row at {@code offset} of {@code data} into place {@code slot}. */
  void load(MemorySegment data, long offset, int slot);

  /** The dot product of the row in {@code slot} and row {@code token} of x. */
  float dot(int slot, Activations x, int token);

  /**
   * A panel of {@code slots} rows of {@code cols} elements.
   *
   * @throws IllegalArgumentException for a type that the engine does not compute with
   */
  static WeightPanel of(Precision precision, GgmlType type, int cols, int slots) {
    if (precision == Precision.EXACT) {
      return new Exact(type, cols, slots);
    }
    return type.quantised() ? new Quantised(type, cols, slots) : new Floats(type, cols, slots);
  }

  /** Integer dot products of blocks of 32, scaled and summed in rising order, K-quants' by 256. */
  final class Quantised implements WeightPanel {
    private static final int BLOCK = RowDecoder.BLOCK;
    private static final int SUPER_BLOCKS = RoundedActivations.SUPER_BLOCK / BLOCK;

    private final GgmlType type;
    private final int cols;
    private final RowDecoder decoder;
    private final RowDecoder.Target rows;

    Quantised(GgmlType type, int cols, int slots) {
      this.type = type;
      this.cols = cols;
      this.decoder = new RowDecoder(type, cols);
      this.rows = RowDecoder.Target.of(Math.multiplyExact(cols, slots));
    }

    @Override
    public void load(MemorySegment data, long offset, int slot) {
      decoder.decode(data, offset, rows, slot * cols);
    }

    @Override
    public float dot(int slot, Activations x, int token) {
      RoundedActivations a = x.rounded(type);
      int blocks = cols / BLOCK;
      int wBlock = slot * blocks;
      int xBlock = token * blocks;
      float acc = 0;
      if (type.blockSize() == RoundedActivations.SUPER_BLOCK) {
        for (int b = 0; b < blocks; b += SUPER_BLOCKS) {
          acc = addSuperBlock(wBlock + b, a, xBlock + b, acc);
        }
        return acc;
      }
      boolean minimum = decoder.hasMinimum();
      for (int b = 0; b < blocks; b++) {
        int sum = dot(wBlock + b, a, xBlock + b, 0, BLOCK);
        acc = Math.fma(rows.scale()[wBlock + b] * a.d()[xBlock + b], (float) sum, acc);
        if (minimum) {
          acc = Math.fma(rows.minimum()[wBlock + b], a.s()[xBlock + b], acc);
        }
      }
      return acc;
    }

    /** Eight blocks of a K-quant, whose activations have one scale. */
    private float addSuperBlock(int w, RoundedActivations a, int x, float acc) {
      float part = 0;
      float minima = 0; // integers below 2^24
      boolean minimum = decoder.hasMinimum();
      for (int b = 0; b < SUPER_BLOCKS; b++) {
        if (minimum) {
          int sum = dot(w + b, a, x + b, 0, BLOCK);
          part = Math.fma(rows.scale()[w + b], (float) sum, part);
          minima += rows.steps()[w + b] * a.s()[x + b];
        } else {
          for (int half = 0; half < 2; half++) {
            int sum = dot(w + b, a, x + b, half * BLOCK / 2, BLOCK / 2);
            part = Math.fma((float) rows.sub()[2 * (w + b) + half], (float) sum, part);
          }
        }
      }
      return minimum
          ? Math.fma(a.d()[x], Math.fma(rows.unit()[w], minima, part), acc)
          : Math.fma(rows.scale()[w] * a.d()[x], part, acc);
    }

    /**
     * Integers of a part of a block; a plain loop, which HotSpot turns into vector instructions.
     */
    private int dot(int wBlock, RoundedActivations a, int xBlock, int from, int count) {
      int[] u = rows.u();
      int[] q = a.q();
      int w = wBlock * BLOCK + from;
      int x = xBlock * BLOCK + from;
      int sum = 0;
      for (int i = 0; i < count; i++) {
        sum += u[w + i] * q[x + i];
      }
      return sum;
    }
  }

  /** Canonical sums over weights widened to float32. */
  final class Floats implements WeightPanel {
    private final int cols;
    private final Dequantiser dequantiser;
    private final float[] rows;

    Floats(GgmlType type, int cols, int slots) {
      this.cols = cols;
      this.dequantiser = new Dequantiser(type, cols);
      this.rows = new float[Math.multiplyExact(cols, slots)];
    }

    @Override
    public void load(MemorySegment data, long offset, int slot) {
      dequantiser.row(data, offset, rows, slot * cols);
    }

    @Override
    public float dot(int slot, Activations x, int token) {
      return Arithmetic.sum16(rows, slot * cols, x.values(), token * cols, cols);
    }
  }

  /** Sums in double over dequantised weights. */
  final class Exact implements WeightPanel {
    private final int cols;
    private final Dequantiser dequantiser;
    private final float[] rows;

    Exact(GgmlType type, int cols, int slots) {
      this.cols = cols;
      this.dequantiser = new Dequantiser(type, cols);
      this.rows = new float[Math.multiplyExact(cols, slots)];
    }

    @Override
    public void load(MemorySegment data, long offset, int slot) {
      dequantiser.row(data, offset, rows, slot * cols);
    }

    @Override
    public float dot(int slot, Activations x, int token) {
      int w = slot * cols;
      int v = token * cols;
      double even = 0;
      double odd = 0;
      int i = 0;
      for (; i + 1 < cols; i += 2) {
        even += (double) rows[w + i] * x.values()[v + i];
        odd += (double) rows[w + i + 1] * x.values()[v + i + 1];
      }
      if (i < cols) {
        even += (double) rows[w + i] * x.values()[v + i];
      }
      return (float) (even + odd);
    }
  }
}
