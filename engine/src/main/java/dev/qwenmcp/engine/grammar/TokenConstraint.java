package dev.qwenmcp.engine.grammar;

/** Which tokens may come next; one a generation, advanced with each drawn token. */
public interface TokenConstraint {

  /**
   * Sets the logits of all tokens that may not come next to negative infinity.
   *
   * @throws IllegalStateException if nothing may come next (the text is complete and cannot grow)
   */
  void mask(float[] logits);

  /** Moves on by the drawn token. */
  void accept(int token);

  /** Whether the text so far is complete: generation may stop here. */
  boolean complete();

  /** Whether nothing but the end can follow. */
  boolean finished();

  /**
   * How many of these tokens, from the first on, may come next in this order; does not move on.
   *
   * <p>Asked of guesses, so that what cannot come is not computed. The answer may be too high.
   */
  default int fitting(int[] tokens) {
    return tokens.length;
  }

  /**
   * Tokens that are the only ones that may come next, in order, at most {@code most}; does not move
   * on. Fewer than there are, or none, is always right.
   */
  default int[] forced(int most) {
    return new int[0];
  }

  /**
   * The text that must come next, as far as there is no choice; does not move on. Less than there
   * is, or none, is always right.
   */
  default ForcedText forcedText() {
    return ForcedText.NONE;
  }

  /**
   * Text that comes next if there is no other choice than whether to put one space, and it is put;
   * empty where there is a choice. Asked of guesses: any answer is right.
   */
  default String expected() {
    return "";
  }
}
