package dev.qwenmcp.engine.draft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DraftLengthTest {
  @Test
  void guessesNothingBeforeAPassWasTimed() {
    assertThat(new DraftLength().next()).isZero();
  }

  @Test
  void guessesFarWhenGuessesAreCheapAndRight() {
    DraftLength length = new DraftLength();
    length.learn(0, 0, 1.0);
    for (int i = 0; i < 20; i++) {
      length.learn(8, 8, 1.1);
    }
    assertThat(length.next()).isEqualTo(15);
  }

  @Test
  void stopsGuessingWhenGuessesAreWrongButTriesAgainLater() {
    DraftLength length = new DraftLength();
    length.learn(0, 0, 1.0);
    for (int i = 0; i < 20; i++) {
      length.learn(4, 0, 2.0);
    }
    int zeros = 0;
    while (length.next() == 0) {
      zeros++;
    }
    assertThat(zeros).isEqualTo(15);
  }

  @Test
  void guessesNothingWhereAGuessCostsAsMuchAsAPass() {
    DraftLength length = new DraftLength();
    length.learn(0, 0, 1.0);
    length.learn(4, 4, 5.0);
    assertThat(length.next()).isZero();
  }
}
