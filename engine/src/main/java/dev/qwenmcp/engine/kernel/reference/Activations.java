package dev.qwenmcp.engine.kernel.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.kernel.Norm;
import java.lang.foreign.MemorySegment;

/**
 * The input (n, cols) of matrix products, with its rounded forms once a quantised weight asks for
 * them. Not thread-safe until {@link #rounded} has been called for the type.
 */
public final class Activations {
  private final int n;
  private final int cols;
  private final float[] values;
  private RoundedActivations by32;
  private RoundedActivations by256;

  /**
   * @param values (n, cols)
   */
  Activations(int n, int cols, float[] values) {
    this.n = n;
    this.cols = cols;
    this.values = values;
  }

  /** Reads x (n, cols) and normalises each row unless {@code norm} is null. */
  public static Activations read(MemorySegment x, int n, int cols, Norm norm) {
    float[] values = floats(x, Math.multiplyExact(n, cols));
    if (norm != null) {
      float[] weight = floats(norm.weight(), cols);
      for (int t = 0; t < n; t++) {
        Arithmetic.rmsNorm(values, t * cols, cols, weight, norm.epsilon());
      }
    }
    return new Activations(n, cols, values);
  }

  /** The first {@code count} floats of a segment. */
  static float[] floats(MemorySegment segment, int count) {
    float[] values = new float[count];
    MemorySegment.copy(segment, JAVA_FLOAT_UNALIGNED, 0, values, 0, count);
    return values;
  }

  /** The rows with these indices, copied. */
  Activations select(int[] rows) {
    float[] selected = new float[rows.length * cols];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(values, rows[i] * cols, selected, i * cols, cols);
    }
    return new Activations(rows.length, cols, selected);
  }

  int n() {
    return n;
  }

  int cols() {
    return cols;
  }

  float[] values() {
    return values;
  }

  /** The form that products with weights of this type take. */
  RoundedActivations rounded(GgmlType type) {
    if (type.blockSize() == RoundedActivations.SUPER_BLOCK) {
      if (by256 == null) {
        by256 = RoundedActivations.by256(values);
      }
      return by256;
    }
    if (by32 == null) {
      by32 = RoundedActivations.by32(values);
    }
    return by32;
  }
}
