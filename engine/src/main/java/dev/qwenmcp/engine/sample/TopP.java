package dev.qwenmcp.engine.sample;

/**
 * Keeps the fewest of the likeliest tokens with at least probability p together, at least one
 * (nucleus sampling: Holtzman et al., "The curious case of neural text degeneration", 2020); 1
 * keeps all.
 */
record TopP(float p) {

  void apply(Candidates candidates) {
    if (p >= 1) {
      return;
    }
    double total = 0;
    for (int i = 0; i < candidates.size(); i++) {
      total += candidates.weight(i);
    }
    candidates.keepMass(p * total);
  }
}
