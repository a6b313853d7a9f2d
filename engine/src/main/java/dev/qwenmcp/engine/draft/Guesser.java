package dev.qwenmcp.engine.draft;

import dev.qwenmcp.engine.grammar.TokenConstraint;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * The guesses of one generation: what the grammar leaves no choice about, else a draft as long as
 * it pays, cut where the grammar forbids it.
 *
 * <p>Before each pass {@link #next}, after it {@link #learn}; one thread.
 */
public final class Guesser {
  private static final int[] NOTHING = {};

  /** What the grammar expects is right about as often as an agreement of so many tokens. */
  private static final int EXPECTED_SUPPORT = 9;

  private final Drafter drafter;
  private final GuessCost cost;
  private final TokenConstraint constraint; // null for none
  private final Function<String, int[]> encoder;
  private final IntPredicate allowed;
  private final DraftLength length = new DraftLength();
  private Draft draft = Draft.NONE;
  private double singleSeconds; // of passes without guesses, 0 until measured

  /**
   * @param drafter of this generation
   * @param cost of the engine
   * @param constraint of the generation, null for none; it is asked, not moved
   * @param encoder the usual tokens of a text
   */
  public Guesser(
      Drafter drafter,
      GuessCost cost,
      TokenConstraint constraint,
      Function<String, int[]> encoder) {
    this.drafter = drafter;
    this.cost = cost;
    this.constraint = constraint;
    this.encoder = encoder;
    this.allowed =
        constraint == null ? _ -> true : token -> constraint.fitting(new int[] {token}) == 1;
  }

  /**
   * Guesses the tokens after the last one.
   *
   * @param more tokens that have become certain since the last call: at first the prompt and the
   *     first drawn token
   * @param room most guesses that there is room for
   * @param sharing sequences that draw at the moment, this one included
   * @return ids to verify together with the last certain token
   */
  public int[] next(int[] more, int room, int sharing) {
    drafter.accept(more);
    draft = Draft.NONE;
    int most = Math.min(room, DraftLength.LONGEST);
    if (most < 1) {
      return NOTHING;
    }
    if (constraint != null) {
      int[] forced = constraint.forced(most);
      if (forced.length > 0) {
        return forced;
      }
    }
    double price = cost.perGuess(sharing);
    Draft found = worthwhile(drafter.draft(most, allowed), price);
    if (constraint != null) {
      Draft expected = worthwhile(expected(most), price);
      found = expected.tokens().length > found.tokens().length ? expected : found;
    }
    draft = found;
    return draft.tokens();
  }

  /** As much of a guess as is allowed and pays. */
  private Draft worthwhile(Draft guess, double price) {
    if (guess.tokens().length == 0) {
      return guess;
    }
    Draft fitting = constraint == null ? guess : guess.first(constraint.fitting(guess.tokens()));
    return fitting.first(length.next(guess.support(), price));
  }

  /** The text that the grammar expects, such as the name of the next member, as tokens. */
  private Draft expected(int most) {
    String text = constraint.expected();
    if (text.isEmpty()) {
      return Draft.NONE;
    }
    return new Draft(encoder.apply(text), EXPECTED_SUPPORT).first(most);
  }

  /**
   * Learns from the pass that verified the last guess.
   *
   * @param guessed its length
   * @param right how many of its tokens were drawn
   * @param seconds of the pass, without waiting for others; 0 if it was shared, so that its time
   *     says nothing of the guess
   */
  public void learn(int guessed, int right, double seconds) {
    length.learn(draft.support(), draft.tokens().length, right);
    if (seconds == 0) {
      return;
    }
    if (guessed == 0) {
      singleSeconds =
          singleSeconds == 0 ? seconds : singleSeconds + 0.2 * (seconds - singleSeconds);
    } else if (singleSeconds > 0) {
      cost.learn(singleSeconds, guessed, seconds);
    }
  }
}
