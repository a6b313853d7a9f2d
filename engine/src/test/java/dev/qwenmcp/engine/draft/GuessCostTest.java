package dev.qwenmcp.engine.draft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class GuessCostTest {
  @Test
  void isWhatAGuessAddedToAPass() {
    GuessCost cost = new GuessCost();
    cost.learn(0.010, 15, 0.025);
    assertThat(cost.perGuess()).isCloseTo(0.1, within(1e-9));
  }

  @Test
  void weighsMoreTheMoreSequencesShareThePass() {
    GuessCost cost = new GuessCost();
    cost.learn(0.010, 15, 0.025);
    assertThat(cost.perGuess(1)).isCloseTo(0.1, within(1e-9));
    // Four tokens take 1.3 passes: a guess costs 0.1 of one, a token 0.325.
    assertThat(cost.perGuess(4)).isCloseTo(0.1 / 0.325, within(1e-9));
    assertThat(cost.perGuess(1000)).isLessThan(1);
  }

  @Test
  void onePassOnABusyMachineDoesNotDecide() {
    GuessCost cost = new GuessCost();
    cost.learn(0.010, 10, 0.020);
    cost.learn(0.010, 10, 5);
    for (int i = 0; i < 20; i++) {
      cost.learn(0.010, 10, 0.020);
    }
    assertThat(cost.perGuess()).isCloseTo(0.1, within(0.01));
  }
}
