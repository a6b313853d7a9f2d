package dev.qwenmcp.engine.kernel.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouterTest {

  @Test
  void takesTheBestInFallingOrderAndRenormalises() {
    float[] logits = {0, 2, 1, -1, /* second token */ 5, 5, 5, 6};
    Router router = Router.choose(logits, 2, 2);
    assertThat(router.experts()).containsExactly(1, 2, 3, 0);
    assertThat(router.weights()[0]).isCloseTo((float) (1 / (1 + Math.exp(-1))), within(1e-6f));
    assertThat(router.weights()[0] + router.weights()[1]).isCloseTo(1, within(1e-6f));
    assertThat(router.weights()[2]).isCloseTo((float) (1 / (1 + Math.exp(-1))), within(1e-6f));
  }

  @Test
  void prefersTheLowerIndexAmongEquals() {
    assertThat(Router.choose(new float[] {1, 3, 3, 3, 0}, 1, 3).experts()).containsExactly(1, 2, 3);
  }

  @Test
  void aSingleExpertGetsTheWholeWeight() {
    assertThat(Router.choose(new float[] {-50, 0.5f}, 1, 1).weights()).containsExactly(1);
  }

  @Test
  void choosesDistinctExpertsEvenWhereLogitsAreNotNumbers() {
    float nan = Float.NaN;
    int[] experts = Router.choose(new float[] {nan, 1, nan, nan}, 1, 3).experts();
    assertThat(experts).doesNotHaveDuplicates();
    assertThat(IntStream.of(experts).boxed()).isSubsetOf(0, 1, 2, 3);
  }
}
