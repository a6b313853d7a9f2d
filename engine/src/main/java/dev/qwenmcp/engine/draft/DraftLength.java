package dev.qwenmcp.engine.draft;

/**
 * How many tokens to guess at once, from what a guess costs and how often guesses were right.
 *
 * <p>A guess that more speaks for is right more often, and each right token speaks for the next
 * one; so the share of right guesses is learnt for classes of support. With shares p_1, p_2 … of
 * the tokens in a row a pass over {@code 1 + k} tokens yields {@code 1 + p_1 + p_1 p_2 + …} tokens
 * on average (Leviathan et al. 2023, arXiv:2211.17192, equation 1, for shares that differ); the k
 * with the most tokens a second is taken, 0 where guessing does not pay. The choice depends on
 * measured times, the generated tokens do not.
 */
public final class DraftLength {
  /** Most guesses a pass: with the token before them the rows of logits computed at once. */
  public static final int LONGEST = 15;

  /** Weight of the newest observation. */
  private static final double LEARNING = 0.15;

  /** Lowest support of each class but the first. */
  private static final int[] CLASSES = {1, 2, 3, 4, 6, 9, 16};

  /** Shares to begin with: cautious for short repetitions, which are often chance. */
  private final double[] share = {0.1, 0.3, 0.4, 0.5, 0.65, 0.8, 0.9, 0.95};

  /** Chances to guess that were left out, for each class. */
  private final int[] skipped = new int[CLASSES.length + 1];

  /** Chances left out after which a single guess is tried again: texts change. */
  private static final int RETRY_AFTER = 16;

  /**
   * How many tokens to guess for the next pass.
   *
   * @param support of the guess at hand
   * @param cost of a guess as a share of a pass without guesses
   */
  public int next(int support, double cost) {
    int best = 0;
    double bestRate = 1;
    double expected = 1;
    double power = 1;
    for (int k = 1; k <= LONGEST; k++) {
      power *= share[classOf(support + k - 1)];
      expected += power;
      double rate = expected / (1 + k * cost);
      if (rate > bestRate) {
        best = k;
        bestRate = rate;
      }
    }
    return best > 0 || ++skipped[classOf(support)] < RETRY_AFTER ? best : 1;
  }

  /**
   * Learns from a pass.
   *
   * @param support of the guess
   * @param guessed tokens guessed, possibly 0
   * @param right how many of them the model confirmed
   */
  public void learn(int support, int guessed, int right) {
    if (guessed > 0) {
      skipped[classOf(support)] = 0;
    }
    for (int i = 0; i < Math.min(guessed, right + 1); i++) {
      int level = classOf(support + i);
      share[level] += LEARNING * ((i < right ? 1 : 0) - share[level]);
      share[level] = Math.clamp(share[level], 0.01, 0.99);
    }
  }

  private static int classOf(int support) {
    int level = 0;
    while (level < CLASSES.length && support >= CLASSES[level]) {
      level++;
    }
    return level;
  }
}
