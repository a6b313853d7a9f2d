package dev.qwenmcp.server.label;

/**
 * How sure it is that a text belongs to the set at all.
 *
 * <p>A classifier that must choose may be sure of its choice for a text unlike all it knows, and a
 * text near an example may lie between two labels; the product is low in both cases. On CLINC150 it
 * turns away more of what is out of scope than either alone at the same loss.
 */
final class Sureness {
  private Sureness() {}

  /**
   * @param probability of the likeliest label
   * @param similarity cosine of the nearest example
   */
  static double of(double probability, double similarity) {
    double near = Math.max(0, similarity);
    return probability * near * near;
  }

  /** Inner product of two vectors of length 1. */
  static double cosine(float[] a, float[] b) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i + 4 <= a.length; i += 4) { // four sums, so that additions need not wait
      s0 += a[i] * b[i];
      s1 += a[i + 1] * b[i + 1];
      s2 += a[i + 2] * b[i + 2];
      s3 += a[i + 3] * b[i + 3];
    }
    for (; i < a.length; i++) {
      s0 += a[i] * b[i];
    }
    return s0 + s1 + s2 + s3;
  }
}
