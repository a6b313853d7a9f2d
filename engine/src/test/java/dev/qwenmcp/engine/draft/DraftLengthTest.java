package dev.qwenmcp.engine.draft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DraftLengthTest {
  @Test
  void guessesAsFarAsThePassGoesWhenMuchSpeaksForItAndGuessesAreCheap() {
    assertThat(new DraftLength().next(20, 0.05)).isEqualTo(DraftLength.LONGEST);
  }

  @Test
  void guessesLessWhereLessSpeaksForIt() {
    DraftLength length = new DraftLength();
    assertThat(length.next(2, 0.2)).isBetween(1, 6).isLessThan(length.next(16, 0.2));
  }

  @Test
  void guessesNothingWhereAGuessCostsAsMuchAsAPass() {
    DraftLength length = new DraftLength();
    for (int i = 0; i < 15; i++) {
      assertThat(length.next(16, 1.0)).isZero();
    }
  }

  @Test
  void stopsGuessingWhereGuessesAreWrongButTriesAgainLater() {
    DraftLength length = new DraftLength();
    for (int i = 0; i < 20; i++) {
      length.learn(2, 4, 0);
    }
    int zeros = 0;
    while (length.next(2, 0.1) == 0) {
      zeros++;
    }
    assertThat(zeros).isEqualTo(15);
  }

  @Test
  void wrongGuessesOfShortRepetitionsSayNothingAboutLongOnes() {
    DraftLength length = new DraftLength();
    for (int i = 0; i < 50; i++) {
      length.learn(2, 1, 0);
    }
    assertThat(length.next(2, 0.1)).isZero();
    assertThat(length.next(16, 0.1)).isEqualTo(DraftLength.LONGEST);
  }

  @Test
  void rightGuessesMakeThemLonger() {
    DraftLength length = new DraftLength();
    int before = length.next(2, 0.2);
    for (int i = 0; i < 20; i++) {
      length.learn(2, 15, 15);
    }
    assertThat(length.next(2, 0.2)).isGreaterThan(before);
  }
}
