package dev.qwenmcp.engine.draft;

import dev.qwenmcp.engine.grammar.TokenConstraint;
import java.util.function.IntPredicate;

/**
 * The guesses of one generation: what the grammar leaves no choice about, else a draft as long as
 * it pays, cut where the grammar forbids it.
 *
 * <p>Before each pass {@link #next}, after it {@link #learn}; one thread.
 */
public final class Guesser {
  private static final int[] NOTHING = {};

  private final Drafter drafter;
  private final GuessCost cost;
  private final TokenConstraint constraint; // null for none
  private final IntPredicate allowed;
  private final DraftLength length = new DraftLength();
  private Draft draft = Draft.NONE;
  private double singleSeconds; // of passes without guesses, 0 until measured

  /**
   * @param drafter of this generation
   * @param cost of the engine
   * @param constraint of the generation, null for none; it is asked, not moved
   */
  public Guesser(Drafter drafter, GuessCost cost, TokenConstraint constraint) {
    this.drafter = drafter;
    this.cost = cost;
    this.constraint = constraint;
    this.allowed =
        constraint == null ? _ -> true : token -> constraint.fitting(new int[] {token}) == 1;
  }

  /**
   * Guesses the tokens after the last one.
   *
   * @param more tokens that have become certain since the last call: at first the prompt and the
   *     first drawn token
   * @param room most guesses that there is room for
   * @return ids to verify together with the last certain token
   */
  public int[] next(int[] more, int room) {
    drafter.accept(more);
    draft = Draft.NONE;
    int most = Math.min(room, DraftLength.LONGEST);
    if (most < 1) {
      return NOTHING;
    }
    int[] forced = constraint == null ? NOTHING : constraint.forced(most);
    if (forced.length > 0) {
      return forced;
    }
    Draft found = drafter.draft(most, allowed);
    if (found.tokens().length == 0) {
      return NOTHING;
    }
    Draft wanted = found.first(length.next(found.support(), cost.perGuess()));
    draft = constraint == null ? wanted : wanted.first(constraint.fitting(wanted.tokens()));
    return draft.tokens();
  }

  /**
   * Learns from the pass that verified the last guess.
   *
   * @param guessed its length
   * @param right how many of its tokens were drawn
   * @param seconds of the pass, without waiting for others
   */
  public void learn(int guessed, int right, double seconds) {
    length.learn(draft.support(), draft.tokens().length, right);
    if (guessed == 0) {
      singleSeconds =
          singleSeconds == 0 ? seconds : singleSeconds + 0.2 * (seconds - singleSeconds);
    } else if (singleSeconds > 0) {
      cost.learn(singleSeconds, guessed, seconds);
    }
  }
}
