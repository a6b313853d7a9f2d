package dev.qwenmcp.engine.kernel.reference;

/**
 * Activations (n, cols) as blocks of 32 signed 8-bit integers with a scale of float16's precision
 * and float32's range.
 *
 * @param q the integers, widened, (n, cols)
 * @param d scales (n, cols / 32)
 * @param s scale times the sum of the integers, (n, cols / 32)
 */
record RoundedActivations(int[] q, float[] d, float[] s) {
  static final int BLOCK = 32;

  /** Blocks whose largest magnitude is below this count as zero: 127 / amax would overflow. */
  private static final float SMALLEST = 0x1p-100f;

  /**
   * @param x values, a multiple of 32
   */
  static RoundedActivations of(float[] x) {
    int blocks = x.length / BLOCK;
    RoundedActivations rounded =
        new RoundedActivations(new int[x.length], new float[blocks], new float[blocks]);
    for (int b = 0; b < blocks; b++) {
      rounded.d[b] = Arithmetic.round11(round(x, b * BLOCK, rounded.q));
      int sum = 0;
      for (int i = b * BLOCK; i < (b + 1) * BLOCK; i++) {
        sum += rounded.q[i];
      }
      rounded.s[b] = rounded.d[b] * (float) sum;
    }
    return rounded;
  }

  /** Rounds the block at {@code from} into the same place of {@code q}; returns its scale. */
  static float round(float[] x, int from, int[] q) {
    float amax = 0;
    for (int i = from; i < from + BLOCK; i++) {
      amax = Math.max(amax, Math.abs(x[i]));
    }
    float inverse = amax < SMALLEST ? 0 : 127 / amax;
    for (int i = from; i < from + BLOCK; i++) {
      q[i] = (int) Math.rint(x[i] * inverse);
    }
    return amax / 127;
  }
}
