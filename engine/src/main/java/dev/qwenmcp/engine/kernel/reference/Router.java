package dev.qwenmcp.engine.kernel.reference;

/**
 * The experts of each token: softmax over all, the best {@code used}, renormalised.
 *
 * @param used experts of a token
 * @param experts the chosen ones, best first, (n, used)
 * @param weights theirs, (n, used)
 */
record Router(int used, int[] experts, float[] weights) {
  /** 2^-14: llama.cpp divides by no smaller sum of probabilities. */
  private static final float SMALLEST_SUM = 6.103515625e-5f;

  /**
   * @param logits (n, experts); overwritten by the probabilities
   */
  static Router choose(float[] logits, int n, int used) {
    Router router = new Router(used, new int[n * used], new float[n * used]);
    int experts = logits.length / n;
    for (int t = 0; t < n; t++) {
      softmax(logits, t * experts, experts);
      router.chooseBest(logits, t * experts, experts, t * used);
    }
    return router;
  }

  private static void softmax(float[] x, int from, int count) {
    float max = x[from];
    for (int e = 1; e < count; e++) {
      max = Math.max(max, x[from + e]);
    }
    float sum = 0;
    for (int e = from; e < from + count; e++) {
      x[e] = Arithmetic.exp(x[e] - max);
      sum += x[e];
    }
    for (int e = from; e < from + count; e++) {
      x[e] /= sum;
    }
  }

  private void chooseBest(float[] p, int from, int count, int to) {
    boolean[] taken = new boolean[count];
    float sum = 0;
    for (int k = to; k < to + used; k++) {
      int best = -1;
      for (int e = 0; e < count; e++) {
        if (!taken[e] && (best < 0 || p[from + e] > p[from + best])) {
          best = e;
        }
      }
      taken[best] = true;
      experts[k] = best;
      weights[k] = p[from + best];
      sum += weights[k];
    }
    float divisor = Math.max(sum, SMALLEST_SUM);
    for (int k = to; k < to + used; k++) {
      weights[k] /= divisor;
    }
  }
}
