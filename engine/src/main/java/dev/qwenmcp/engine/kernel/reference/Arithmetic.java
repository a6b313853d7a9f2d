package dev.qwenmcp.engine.kernel.reference;

/**
 * Scalar functions of {@code docs/reference/arithmetic.md}, with its order of operations.
 *
 * <p>{@link Math#fma(float, float, float)} is one instruction on every CPU that the native kernels
 * have a variant for; on x86 without FMA it is correct but slow.
 */
final class Arithmetic {
  private static final float EXP_LOWEST = -87;
  private static final float EXP_HIGHEST = 88.02969f;

  private Arithmetic() {}

  /** The canonical sum of {@code a[from + k] * b[bFrom + k]}, k below {@code count}. */
  static float sum16(float[] a, int aFrom, float[] b, int bFrom, int count) {
    if (count % 16 != 0) {
      return sum16WithTail(a, aFrom, b, bFrom, count);
    }
    // Sixteen locals, not an array: they stay in registers and their chains of additions overlap.
    float s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
    float s8 = 0, s9 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0, s14 = 0, s15 = 0;
    for (int i = aFrom, j = bFrom, end = aFrom + count; i < end; i += 16, j += 16) {
      s0 = Math.fma(a[i], b[j], s0);
      s1 = Math.fma(a[i + 1], b[j + 1], s1);
      s2 = Math.fma(a[i + 2], b[j + 2], s2);
      s3 = Math.fma(a[i + 3], b[j + 3], s3);
      s4 = Math.fma(a[i + 4], b[j + 4], s4);
      s5 = Math.fma(a[i + 5], b[j + 5], s5);
      s6 = Math.fma(a[i + 6], b[j + 6], s6);
      s7 = Math.fma(a[i + 7], b[j + 7], s7);
      s8 = Math.fma(a[i + 8], b[j + 8], s8);
      s9 = Math.fma(a[i + 9], b[j + 9], s9);
      s10 = Math.fma(a[i + 10], b[j + 10], s10);
      s11 = Math.fma(a[i + 11], b[j + 11], s11);
      s12 = Math.fma(a[i + 12], b[j + 12], s12);
      s13 = Math.fma(a[i + 13], b[j + 13], s13);
      s14 = Math.fma(a[i + 14], b[j + 14], s14);
      s15 = Math.fma(a[i + 15], b[j + 15], s15);
    }
    float t0 = (s0 + s8) + (s4 + s12);
    float t1 = (s1 + s9) + (s5 + s13);
    float t2 = (s2 + s10) + (s6 + s14);
    float t3 = (s3 + s11) + (s7 + s15);
    return (t0 + t2) + (t1 + t3);
  }

  /** The same for any count. */
  private static float sum16WithTail(float[] a, int aFrom, float[] b, int bFrom, int count) {
    float[] sums = new float[16];
    for (int k = 0; k < count; k++) {
      sums[k % 16] = Math.fma(a[aFrom + k], b[bFrom + k], sums[k % 16]);
    }
    return fold16(sums);
  }

  /** Adds sixteen partial sums up in the canonical order; overwrites them. */
  static float fold16(float[] sums) {
    for (int half = 8; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        sums[i] += sums[i + half];
      }
    }
    return sums[0];
  }

  /**
   * e^x, relative error below 2 ulp. The reduction of x by multiples of ln 2 (split in two
   * constants) and the polynomial are those of Cephes' {@code expf} (S. L. Moshier).
   */
  static float exp(float x) {
    if (x < EXP_LOWEST) {
      return 0;
    }
    float clamped = Math.min(x, EXP_HIGHEST);
    float n = (float) Math.rint(clamped * 1.44269504f);
    float r = Math.fma(n, -0.693359375f, clamped);
    r = Math.fma(n, 2.12194440e-4f, r);
    float p = 1.9875691500e-4f;
    p = Math.fma(p, r, 1.3981999507e-3f);
    p = Math.fma(p, r, 8.3334519073e-3f);
    p = Math.fma(p, r, 4.1665795894e-2f);
    p = Math.fma(p, r, 1.6666665459e-1f);
    p = Math.fma(p, r, 5.0000001201e-1f);
    float y = Math.fma(p, r * r, r) + 1;
    return Float.intBitsToFloat(Float.floatToRawIntBits(y) + ((int) n << 23));
  }

  /** The nearest number of eleven significant bits, ties to even. */
  static float round11(float x) {
    int bits = Float.floatToRawIntBits(x);
    return Float.intBitsToFloat(bits + 0xfff + (bits >>> 13 & 1) & ~0x1fff);
  }

  /** g / (1 + e^-g). */
  static float silu(float g) {
    return g / (1 + exp(-g));
  }

  /** RMS norm of {@code count} elements in place: {@code x_i / rms(x) * weight_i}. */
  static void rmsNorm(float[] x, int from, int count, float[] weight, float epsilon) {
    float meanSquare = sum16(x, from, x, from, count) / count;
    float scale = 1 / (float) Math.sqrt(meanSquare + epsilon);
    for (int i = 0; i < count; i++) {
      x[from + i] = (x[from + i] * scale) * weight[i];
    }
  }
}
