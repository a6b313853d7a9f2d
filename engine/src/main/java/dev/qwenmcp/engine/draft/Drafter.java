package dev.qwenmcp.engine.draft;

import java.util.function.IntPredicate;

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
   * @param allowed whether a token may come next; the first token of the guess is one of these
   * @return a guess of zero to {@code most} tokens
   */
  Draft draft(int most, IntPredicate allowed);
}
