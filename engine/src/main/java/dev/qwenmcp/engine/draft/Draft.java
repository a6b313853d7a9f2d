package dev.qwenmcp.engine.draft;

/**
 * A guess of the next tokens.
 *
 * @param tokens ids in order, possibly none
 * @param support how much speaks for the first of them: for a lookup the number of tokens before it
 *     that agree with the place it was taken from. Shares of right guesses are learnt for each
 *     support, so what it counts is the drafter's own business
 */
public record Draft(int[] tokens, int support) {
  /** No guess. */
  public static final Draft NONE = new Draft(new int[0], 0);

  /** The first {@code count} tokens. */
  public Draft first(int count) {
    return count >= tokens.length
        ? this
        : new Draft(java.util.Arrays.copyOf(tokens, count), support);
  }
}
