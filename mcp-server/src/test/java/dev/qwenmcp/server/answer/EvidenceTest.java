package dev.qwenmcp.server.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class EvidenceTest {
  private static Evidence of(String question, double cosine, double tokens) {
    return Evidence.of(question, "", OptionalDouble.of(cosine), OptionalDouble.of(tokens));
  }

  @Test
  void closenessDecidesByTheModelOfTheScript() {
    assertThat(of("How long is the warranty?", 0.5, 0.4).enough()).isTrue();
    assertThat(of("How long is the warranty?", 0.05, 0.1).enough()).isFalse();
    // Chinese texts are all closer to each other in their model.
    assertThat(of("保修期多长？", 0.65, 0.58).enough()).isTrue();
    assertThat(of("保修期多长？", 0.4, 0.4).enough()).isFalse();
  }

  @Test
  void moreIsNeverLess() {
    for (String question : new String[] {"when", "什么时候"}) {
      double before = 0;
      for (double x = -1; x <= 1; x += 0.05) {
        double now = of(question, x, x).probability();
        assertThat(now).isBetween(before, 1.0);
        before = now;
      }
    }
  }

  @Test
  void wordsDecideWhereMeaningWasNotCompared() {
    OptionalDouble none = OptionalDouble.empty();
    assertThat(
            Evidence.of("Where are spare pumps sold?", "We have pumps as spare parts.", none, none))
        .satisfies(e -> assertThat(e.enough()).isTrue())
        .satisfies(e -> assertThat(e.byMeaning()).isFalse());
    assertThat(
            Evidence.of("Who won the football world cup?", "We sell pumps.", none, none).enough())
        .isFalse();
    assertThat(Evidence.of("水泵可以单独购买吗", "水泵可以在商城单独购买", none, none).enough()).isTrue();
    assertThat(Evidence.of("?", "We sell pumps.", none, none).enough()).isFalse();
  }
}
