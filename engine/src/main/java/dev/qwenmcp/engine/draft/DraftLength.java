package dev.qwenmcp.engine.draft;

/**
 * How many tokens to guess at once, from what passes cost and how often guesses were right.
 *
 * <p>With a share {@code p} of right guesses a pass over {@code 1 + k} tokens yields {@code (1 -
 * p^(k+1)) / (1 - p)} tokens on average (Leviathan et al. 2023, arXiv:2211.17192, equation 1); the
 * k with the most tokens a second is taken, 0 where guessing does not pay. The choice depends on
 * measured times, the generated tokens do not.
 */
public final class DraftLength {
  /** Rows of logits that the head computes at once: one for each guess and one before. */
  private static final int LONGEST = 15;

  /** Weight of the newest observation. */
  private static final double LEARNING = 0.2;

  /** Guesses that the first right or wrong one is worth, so that one miss does not end it. */
  private static final double FIRST_SHARE = 0.7;

  private double share = FIRST_SHARE;
  private double singleSeconds;
  private double perGuess; // seconds that each guess adds to a pass, 0 until measured
  private int skipped;

  /** How many tokens to guess for the next pass. */
  public int next() {
    if (singleSeconds == 0) {
      return 0;
    }
    // Until a pass with guesses was measured, suppose that a guess costs half a pass.
    double cost = perGuess == 0 ? singleSeconds / 2 : perGuess;
    int best = 0;
    double bestRate = 1 / singleSeconds;
    double expected = 1;
    double power = 1;
    for (int k = 1; k <= LONGEST; k++) {
      power *= share;
      expected += power;
      double rate = expected / (singleSeconds + k * cost);
      if (rate > bestRate) {
        best = k;
        bestRate = rate;
      }
    }
    if (best > 0 || ++skipped < RETRY_AFTER) {
      return best;
    }
    skipped = 0;
    return 1;
  }

  /** Passes without a guess after which a single one is tried again: texts change. */
  private static final int RETRY_AFTER = 16;

  /**
   * Learns from a pass.
   *
   * @param guessed tokens guessed, possibly 0
   * @param right how many of them the model confirmed
   * @param seconds that the pass took
   */
  public void learn(int guessed, int right, double seconds) {
    if (guessed == 0) {
      singleSeconds = blend(singleSeconds, seconds);
      return;
    }
    perGuess = blend(perGuess, Math.max(0, seconds - singleSeconds) / guessed);
    for (int i = 0; i < Math.min(guessed, right + 1); i++) {
      share += LEARNING * ((i < right ? 1 : 0) - share);
    }
    share = Math.clamp(share, 0.01, 0.98);
  }

  private static double blend(double old, double value) {
    return old == 0 ? value : old + LEARNING * (value - old);
  }
}
