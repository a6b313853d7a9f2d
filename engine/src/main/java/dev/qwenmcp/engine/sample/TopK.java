package dev.qwenmcp.engine.sample;

/** Keeps the k likeliest tokens, ties at the edge going to the lower ids; 0 keeps all. */
record TopK(int k) {

  void apply(Candidates candidates) {
    if (k > 0 && k < candidates.size()) {
      candidates.keepLikeliest(k);
    }
  }
}
