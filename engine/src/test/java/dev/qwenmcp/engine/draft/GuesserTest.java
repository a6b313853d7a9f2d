package dev.qwenmcp.engine.draft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.grammar.TokenConstraint;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

class GuesserTest {
  /** Everything but some tokens may come; some may be the only ones. */
  private record Rules(Set<Integer> forbidden, String expected, int... only)
      implements TokenConstraint {
    @Override
    public void mask(float[] logits) {
      throw new AssertionError("guessing masks nothing");
    }

    @Override
    public void accept(int token) {
      throw new AssertionError("guessing moves nothing");
    }

    @Override
    public boolean complete() {
      return false;
    }

    @Override
    public boolean finished() {
      return false;
    }

    @Override
    public int fitting(int[] tokens) {
      int n = 0;
      while (n < tokens.length && !forbidden.contains(tokens[n])) {
        n++;
      }
      return n;
    }

    @Override
    public int[] forced(int most) {
      return Arrays.copyOf(only, Math.min(most, only.length));
    }
  }

  private static final int[] REPEATED = {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5};

  private static Guesser guesser(TokenConstraint constraint) {
    GuessCost cheap = new GuessCost();
    cheap.learn(1, 15, 1.15);
    return new Guesser(
        List.of(new LookupDrafter()), cheap, constraint, text -> text.chars().toArray());
  }

  @Test
  void guessesWhatStoodThereBefore() {
    assertThat(guesser(null).next(REPEATED, 100, 1)).startsWith(6, 7, 8, 9);
  }

  @Test
  void takesTheDraftOfWhichMostPays() {
    GuessCost cheap = new GuessCost();
    cheap.learn(1, 15, 1.15);
    Drafter little = draft(0, 50, 51);
    Drafter much = draft(20, 60, 61, 62);
    Drafter asMuch = draft(20, 70, 71, 72);
    Guesser guesser = new Guesser(List.of(little, much, asMuch), cheap, null, _ -> new int[0]);
    assertThat(guesser.next(REPEATED, 100, 1)).containsExactly(60, 61, 62);
    for (int i = 0; i < 30; i++) { // what another drafter guessed says nothing of this one
      guesser.learn(3, 0, 0);
      guesser.next(new int[] {1}, 100, 1);
    }
    assertThat(guesser.next(new int[] {1}, 100, 1)).isNotEmpty();
  }

  private static Drafter draft(int support, int... tokens) {
    return new Drafter() {
      @Override
      public void accept(int... more) {}

      @Override
      public Draft draft(int most, IntPredicate allowed) {
        return new Draft(tokens, support).first(most);
      }
    };
  }

  @Test
  void guessesNoMoreThanThereIsRoomFor() {
    assertThat(guesser(null).next(REPEATED, 2, 1)).containsExactly(6, 7);
    assertThat(guesser(null).next(REPEATED, 0, 1)).isEmpty();
  }

  @Test
  void cutsTheGuessWhereTheGrammarForbidsIt() {
    assertThat(guesser(new Rules(Set.of(8), "")).next(REPEATED, 100, 1)).containsExactly(6, 7);
    assertThat(guesser(new Rules(Set.of(6), "")).next(REPEATED, 100, 1)).isEmpty();
  }

  @Test
  void whatMustComeIsGuessedFirst() {
    Guesser guesser = guesser(new Rules(Set.of(), "", 40, 41, 42));
    assertThat(guesser.next(REPEATED, 100, 1)).containsExactly(40, 41, 42);
    assertThat(guesser.next(new int[] {40}, 2, 1)).containsExactly(40, 41);
  }

  @Test
  void guessesTheTextThatTheGrammarExpects() {
    Guesser guesser = guesser(new Rules(Set.of(6), "name: "));
    assertThat(guesser.next(REPEATED, 100, 1)).containsExactly("name: ".chars().toArray());
    int[] longer = {
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 1, 2, 3, 4, 5, 6, 7, 8, 9
    };
    assertThat(guesser(new Rules(Set.of(), "ab")).next(longer, 100, 1)).startsWith(10, 11, 12);
  }
}
