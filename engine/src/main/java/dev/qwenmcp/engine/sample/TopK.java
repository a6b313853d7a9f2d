package dev.qwenmcp.engine.sample;

/** Keeps the k likeliest tokens, ties at the edge going to the lower ids; 0 keeps all. */
record TopK(int k) {

  /** Makes those of the first {@code count} tokens that are kept the candidates. */
  void gather(float[] logits, int count, Candidates candidates) {
    if (k > 0 && k < count) {
      candidates.gatherLikeliest(logits, count, k);
    } else {
      candidates.gather(logits, count);
    }
  }
}
