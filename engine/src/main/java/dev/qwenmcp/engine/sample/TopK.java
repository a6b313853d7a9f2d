package dev.qwenmcp.engine.sample;

/** Keeps the k likeliest tokens, ties at the edge going to the lower ids; 0 keeps all. */
record TopK(int k) {

  /** Makes the tokens that are kept the candidates. */
  void gather(float[] logits, Candidates candidates) {
    if (k > 0 && k < logits.length) {
      candidates.gatherLikeliest(logits, k);
    } else {
      candidates.gather(logits);
    }
  }
}
