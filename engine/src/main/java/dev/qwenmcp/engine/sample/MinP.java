package dev.qwenmcp.engine.sample;

/** Keeps the tokens with at least p times the likeliest token's probability; 0 keeps all. */
record MinP(float p) {

  void apply(Candidates candidates) {
    if (p <= 0) {
      return;
    }
    // Compared with weight 1, that of the likeliest token.
    int kept = 0;
    for (int i = 0; i < candidates.size(); i++) {
      if (candidates.weight(i) >= p) {
        candidates.move(i, kept++);
      }
    }
    candidates.truncate(kept);
  }
}
