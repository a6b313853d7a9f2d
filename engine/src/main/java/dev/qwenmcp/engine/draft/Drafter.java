package dev.qwenmcp.engine.draft;

/**
 * Guesses the next tokens of one sequence; wrong guesses cost time, never correctness.
 *
 * <p>One a generation, one thread.
 */
public interface Drafter {

  /** Appends tokens that are certain: prompt and drawn ones, in order. */
  void accept(int... tokens);

  /**
   * Guesses what follows the accepted tokens.
   *
   * @param most longest guess wanted
   * @return zero to {@code most} ids
   */
  int[] draft(int most);
}
