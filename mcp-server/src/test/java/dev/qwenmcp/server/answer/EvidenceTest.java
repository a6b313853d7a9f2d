package dev.qwenmcp.server.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class EvidenceTest {
  private static final String LONG = "The rest of the lease is about the bicycle shed. ".repeat(20);

  private static Evidence.Closeness near(double text, double title, double sentence) {
    return new Evidence.Closeness(optional(text), optional(title), optional(sentence));
  }

  private static OptionalDouble optional(double value) {
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private static Evidence of(String question, double sentence) {
    return Evidence.of(question, "", LONG, near(0.2, Double.NaN, sentence));
  }

  @Test
  void theNearestSentenceOfALongPassageDecidesByTheModelOfTheScript() {
    assertThat(of("How long is the warranty?", 0.4).enough()).isTrue();
    assertThat(of("How long is the warranty?", 0.1).enough()).isFalse();
    // Chinese texts are all closer to each other in their model.
    assertThat(of("保修期多长？", 0.58).enough()).isTrue();
    assertThat(of("保修期多长？", 0.4).enough()).isFalse();
  }

  @Test
  void theTitleOrTheTextOfAShortEntryDecides() {
    String question = "Can I give it back?";
    assertThat(Evidence.of(question, "Returns", "Within 30 days.", near(0.2, 0.7, 0.1)).enough())
        .isTrue();
    assertThat(Evidence.of(question, "Returns", "Within 30 days.", near(0.4, 0.1, 0.1)).enough())
        .isTrue();
    assertThat(Evidence.of(question, "Returns", "Within 30 days.", near(0.2, 0.3, 0.4)).enough())
        .isFalse();
    assertThat(Evidence.isEntry("Within 30 days.", optional(0.3))).isTrue();
    // The title of a long text is only its name.
    assertThat(Evidence.of(question, "Lease", LONG, near(0.4, 0.1, 0.4)).enough()).isTrue();
    assertThat(Evidence.isEntry(LONG, optional(0.1))).isFalse();
    assertThat(Evidence.isEntry("Within 30 days.", optional(Double.NaN))).isFalse();
  }

  @Test
  void theTextAloneDecidesWhereNothingElseWasCompared() {
    assertThat(Evidence.of("when", "", LONG, near(0.5, Double.NaN, Double.NaN)).enough()).isTrue();
    assertThat(Evidence.of("when", "", LONG, near(0.1, Double.NaN, Double.NaN)).enough()).isFalse();
  }

  @Test
  void moreIsNeverLess() {
    for (String question : new String[] {"when", "什么时候"}) {
      for (String text : new String[] {"short", LONG}) {
        for (double title : new double[] {Double.NaN, 0}) {
          double before = 0;
          for (double x = -1; x <= 1; x += 0.05) {
            double now = Evidence.of(question, "", text, near(x, title + x, x)).probability();
            assertThat(now).isBetween(before, 1.0);
            before = now;
          }
        }
      }
    }
  }

  @Test
  void wordsDecideWhereMeaningWasNotCompared() {
    assertThat(byWords("Where are spare pumps sold?", "We have pumps as spare parts."))
        .satisfies(e -> assertThat(e.enough()).isTrue())
        .satisfies(e -> assertThat(e.byMeaning()).isFalse());
    assertThat(byWords("Who won the football world cup?", "We sell pumps.").enough()).isFalse();
    assertThat(byWords("水泵可以单独购买吗", "水泵可以在商城单独购买").enough()).isTrue();
    assertThat(byWords("?", "We sell pumps.").enough()).isFalse();
  }

  private static Evidence byWords(String question, String text) {
    return Evidence.of(question, "", text, Evidence.Closeness.NONE);
  }
}
