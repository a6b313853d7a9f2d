package dev.qwenmcp.engine.sample;

/** Turns logits into weights exp((logit - largest) / temperature): the likeliest has weight 1. */
record Temperature(float temperature) {

  void apply(Candidates candidates) {
    double largest = candidates.logit(candidates.best());
    double scale = 1.0 / temperature;
    for (int i = 0; i < candidates.size(); i++) {
      // StrictMath: the same bits on every platform, which Math.exp does not promise.
      candidates.weight(i, StrictMath.exp((candidates.logit(i) - largest) * scale));
    }
  }
}
