package dev.qwenmcp.engine.kernel.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.qwenmcp.engine.gguf.GgmlType;
import java.lang.foreign.MemorySegment;

/**
 * Turns rows of any weight type that the engine computes with into float32, with the same bits as
 * GGML.
 *
 * <p>An instance holds scratch memory for one row and serves one thread.
 */
public final class Dequantiser {
  private final GgmlType type;
  private final int cols;
  private final RowDecoder decoder;
  private final RowDecoder.Target row;
  private final short[] halves;

  /**
   * @param type a supported type
   * @param cols elements of a row, a multiple of the type's block size
   * @throws IllegalArgumentException for a type that the engine does not compute with
   */
  public Dequantiser(GgmlType type, int cols) {
    if (!type.supported()) {
      throw new IllegalArgumentException("the engine does not compute with " + type);
    }
    type.rowBytes(cols); // throws where cols does not fit the type's blocks
    this.type = type;
    this.cols = cols;
    this.decoder = type.quantised() ? new RowDecoder(type, cols) : null;
    this.row = type.quantised() ? RowDecoder.Target.of(cols) : null;
    this.halves = type == GgmlType.F16 || type == GgmlType.BF16 ? new short[cols] : null;
  }

  /**
   * Dequantises one row.
   *
   * @param data holds the row's bytes from {@code offset}
   * @param out written from {@code to}
   */
  public void row(MemorySegment data, long offset, float[] out, int to) {
    switch (type) {
      case F32 -> MemorySegment.copy(data, JAVA_FLOAT_UNALIGNED, offset, out, to, cols);
      case F16 -> {
        MemorySegment.copy(data, JAVA_SHORT_UNALIGNED, offset, halves, 0, cols);
        for (int i = 0; i < cols; i++) {
          out[to + i] = Float.float16ToFloat(halves[i]);
        }
      }
      case BF16 -> {
        MemorySegment.copy(data, JAVA_SHORT_UNALIGNED, offset, halves, 0, cols);
        for (int i = 0; i < cols; i++) {
          out[to + i] = Float.intBitsToFloat(halves[i] << 16);
        }
      }
      default -> {
        decoder.decode(data, offset, row, 0);
        if (decoder.hasMinimum()) {
          scaleAndShift(out, to);
        } else if (decoder.hasSubScales()) {
          scaleTwice(out, to);
        } else {
          scale(out, to);
        }
      }
    }
  }

  // In all three the products are exact (11 + 6 + 5 bits at most), except the last of scaleTwice.

  private void scale(float[] out, int to) {
    for (int b = 0; b < cols / RowDecoder.BLOCK; b++) {
      float scale = row.scale()[b];
      for (int i = b * RowDecoder.BLOCK; i < (b + 1) * RowDecoder.BLOCK; i++) {
        out[to + i] = scale * row.u()[i];
      }
    }
  }

  private void scaleAndShift(float[] out, int to) {
    for (int b = 0; b < cols / RowDecoder.BLOCK; b++) {
      float scale = row.scale()[b];
      float minimum = row.minimum()[b];
      for (int i = b * RowDecoder.BLOCK; i < (b + 1) * RowDecoder.BLOCK; i++) {
        out[to + i] = scale * row.u()[i] + minimum;
      }
    }
  }

  private void scaleTwice(float[] out, int to) {
    for (int i = 0; i < cols; i++) {
      out[to + i] = (row.scale()[i / 32] * row.sub()[i / 16]) * row.u()[i];
    }
  }
}
