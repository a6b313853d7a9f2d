package dev.qwenmcp.engine.batch;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.model.ExpertListener;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepPlanTest {
  private static Pass pass(int firstToken, int size, int... rows) {
    return new Pass(
        IntStream.range(firstToken, firstToken + size).toArray(),
        new int[size],
        IntStream.range(0, size).toArray(),
        List.of(),
        rows);
  }

  @Test
  void asManyGoAsFitAndTheFirstAlways() {
    List<Pass> waiting = List.of(pass(0, 10), pass(0, 20), pass(0, 5), pass(0, 2), pass(0, 1));
    assertThat(StepPlan.choose(waiting, 32)).containsExactly(0, 1, 3);
    assertThat(StepPlan.choose(waiting, 8)).containsExactly(0);
    assertThat(StepPlan.choose(waiting, 100)).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void theWholeHoldsTheMembersOneAfterTheOther() {
    StepPlan plan = StepPlan.of(List.of(pass(10, 3, 0, 2), pass(20, 1, 0), pass(30, 2, 1)));
    assertThat(plan.whole().tokens()).containsExactly(10, 11, 12, 20, 30, 31);
    assertThat(plan.whole().position()).containsExactly(0, 1, 2, 0, 0, 1);
    assertThat(plan.whole().rows()).containsExactly(0, 2, 3, 5);
    assertThat(IntStream.range(0, 6).map(plan::member)).containsExactly(0, 0, 0, 1, 2, 2);
    assertThat(plan.first()).containsExactly(0, 3, 4);
  }

  @Test
  void aSinglePassStaysAsItIs() {
    Pass alone = pass(10, 3, 2);
    assertThat(StepPlan.of(List.of(alone)).whole()).isSameAs(alone);
  }

  @Test
  void eachMemberHearsOfTheExpertsOfItsOwnTokens() {
    StepPlan plan = StepPlan.of(List.of(pass(10, 3, 0), pass(20, 1, 0), pass(30, 2, 1)));
    List<String> heard = new ArrayList<>();
    ExpertListener experts =
        plan.experts(
            List.of(
                (layer, own) -> heard.add("a" + layer + Arrays.toString(own.toArray(JAVA_INT))),
                ExpertListener.NONE,
                (layer, own) -> heard.add("c" + layer + Arrays.toString(own.toArray(JAVA_INT)))));

    experts.chose(5, MemorySegment.ofArray(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));

    assertThat(heard).containsExactly("a5[0, 1, 2, 3, 4, 5]", "c5[8, 9, 10, 11]");
    assertThat(plan.experts(Collections.nCopies(3, ExpertListener.NONE)))
        .isSameAs(ExpertListener.NONE);
  }
}
