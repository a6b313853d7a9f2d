package dev.qwenmcp.engine.draft;

import dev.qwenmcp.engine.grammar.TokenConstraint;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * The guesses of one generation: what the grammar leaves no choice about, else of several drafts
 * the one of which most pays, cut where the grammar forbids it.
 *
 * <p>Before each pass {@link #next}, after it {@link #learn}; one thread.
 */
public final class Guesser {
  private static final int[] NOTHING = {};

  /** What the grammar expects is right about as often as an agreement of so many tokens. */
  private static final int EXPECTED_SUPPORT = 9;

  private final List<Source> sources;
  private final GuessCost cost;
  private final TokenConstraint constraint; // null for none
  private final Function<String, int[]> encoder;
  private final IntPredicate allowed;
  private final DraftLength expectedLength = new DraftLength();
  private Candidate chosen;
  private double singleSeconds; // of passes without guesses, 0 until measured

  /** A drafter, and how often its guesses are right. */
  private record Source(Drafter drafter, DraftLength length) {}

  /** A draft, as much of it as pays by the lengths that its outcome will teach. */
  private record Candidate(Draft draft, DraftLength length) {
    int size() {
      return draft.tokens().length;
    }
  }

  /**
   * @param drafters of this generation; of drafts of which equally much pays the first one's counts
   * @param cost of the engine
   * @param constraint of the generation, null for none; it is asked, not moved
   * @param encoder the usual tokens of a text
   */
  public Guesser(
      List<Drafter> drafters,
      GuessCost cost,
      TokenConstraint constraint,
      Function<String, int[]> encoder) {
    this.sources = drafters.stream().map(d -> new Source(d, new DraftLength())).toList();
    this.chosen = none();
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
    sources.forEach(source -> source.drafter.accept(more));
    chosen = none();
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
    for (Source source : sources) {
      choose(source.drafter.draft(most, allowed), source.length, price);
    }
    if (constraint != null) {
      choose(expected(most), expectedLength, price);
    }
    return chosen.draft.tokens();
  }

  private Candidate none() {
    return new Candidate(Draft.NONE, expectedLength);
  }

  /** Takes as much of a guess as is allowed and pays, if that is more than of those before. */
  private void choose(Draft guess, DraftLength length, double price) {
    if (guess.tokens().length == 0) {
      return;
    }
    Draft fitting = constraint == null ? guess : guess.first(constraint.fitting(guess.tokens()));
    Candidate next = new Candidate(fitting.first(length.next(guess.support(), price)), length);
    chosen = next.size() > chosen.size() ? next : chosen;
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
    chosen.length.learn(chosen.draft.support(), chosen.size(), right);
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
