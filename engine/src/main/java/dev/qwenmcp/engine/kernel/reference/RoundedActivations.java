package dev.qwenmcp.engine.kernel.reference;

/**
 * Activations (n, cols) as signed 8-bit integers with a scale for each 32 elements; for K-quants
 * the eight blocks of 256 elements share one scale.
 *
 * @param q the integers, widened, (n, cols)
 * @param d scales (n, cols / 32)
 * @param s scale times the sum of the integers, (n, cols / 32); for K-quants the sum alone
 */
record RoundedActivations(int[] q, float[] d, float[] s) {
  static final int BLOCK = 32;
  static final int SUPER_BLOCK = 256;

  /** Blocks whose largest magnitude is below this count as zero: 127 / amax would overflow. */
  private static final float SMALLEST = 0x1p-100f;

  private RoundedActivations(int elements) {
    this(new int[elements], new float[elements / BLOCK], new float[elements / BLOCK]);
  }

  /**
   * A scale for each 32 elements; d and s have float16's precision and float32's range.
   *
   * @param x values, a multiple of 32
   */
  static RoundedActivations by32(float[] x) {
    RoundedActivations rounded = new RoundedActivations(x.length);
    for (int from = 0; from < x.length; from += BLOCK) {
      int block = from / BLOCK;
      float d = round(x, from, rounded.q);
      rounded.d[block] = Arithmetic.round11(d);
      rounded.s[block] = Arithmetic.round11(d * rounded.sum(block));
    }
    return rounded;
  }

  /**
   * A scale for each 256 elements; s has no scale.
   *
   * @param x values, a multiple of 256
   */
  static RoundedActivations by256(float[] x) {
    RoundedActivations rounded = new RoundedActivations(x.length);
    for (int from = 0; from < x.length; from += SUPER_BLOCK) {
      float inverse = inverse(x, from, SUPER_BLOCK);
      round(x, from, SUPER_BLOCK, inverse, rounded.q);
      float d = inverse == 0 ? 0 : 1 / inverse;
      for (int b = from / BLOCK; b < (from + SUPER_BLOCK) / BLOCK; b++) {
        rounded.d[b] = d;
        rounded.s[b] = rounded.sum(b);
      }
    }
    return rounded;
  }

  /** Rounds the 32 elements at {@code from} into the same place of {@code q}; returns the scale. */
  static float round(float[] x, int from, int[] q) {
    round(x, from, BLOCK, inverse(x, from, BLOCK), q);
    return amax(x, from, BLOCK) / 127;
  }

  private static void round(float[] x, int from, int count, float inverse, int[] q) {
    for (int i = from; i < from + count; i++) {
      q[i] = (int) Math.rint(x[i] * inverse);
    }
  }

  private static float inverse(float[] x, int from, int count) {
    float amax = amax(x, from, count);
    return amax < SMALLEST ? 0 : 127 / amax;
  }

  private static float amax(float[] x, int from, int count) {
    float amax = 0;
    for (int i = from; i < from + count; i++) {
      amax = Math.max(amax, Math.abs(x[i]));
    }
    return amax;
  }

  private float sum(int block) {
    int sum = 0;
    for (int i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
      sum += q[i];
    }
    return sum;
  }
}
