package dev.qwenmcp.engine.model;

/** Comparisons of rows of logits. */
final class Logits {
  private Logits() {}

  static float largestDifference(float[] a, float[] b) {
    float largest = 0;
    for (int i = 0; i < a.length; i++) {
      largest = Math.max(largest, Math.abs(a[i] - b[i]));
    }
    return largest;
  }

  /** Root mean square of a - exact over that of exact. */
  static double relativeDistance(float[][] a, float[][] exact) {
    double difference = 0;
    double size = 0;
    for (int r = 0; r < exact.length; r++) {
      for (int i = 0; i < exact[r].length; i++) {
        double d = (double) a[r][i] - exact[r][i];
        difference += d * d;
        size += (double) exact[r][i] * exact[r][i];
      }
    }
    return Math.sqrt(difference / size);
  }

  /** The first index of the largest. */
  static int best(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }
}
