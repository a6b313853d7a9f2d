package dev.qwenmcp.engine.draft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.grammar.TokenConstraint;
import java.util.Arrays;
import java.util.Set;
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
    return new Guesser(new LookupDrafter(), cheap, constraint, text -> text.chars().toArray());
  }

  @Test
  void guessesWhatStoodThereBefore() {
    assertThat(guesser(null).next(REPEATED, 100, 1)).startsWith(6, 7, 8, 9);
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
