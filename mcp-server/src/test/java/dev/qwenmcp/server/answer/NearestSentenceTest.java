package dev.qwenmcp.server.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.knowledge.Embedder;
import dev.qwenmcp.server.knowledge.Embedders;
import dev.qwenmcp.server.knowledge.Embedding;
import dev.qwenmcp.server.knowledge.EmbeddingModel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class NearestSentenceTest {
  private static final String LEASE =
      """
      # Lease

      Between Ms Ford and Mr Hale.

      ## Deposit

      The tenant has paid 1,880 euros. It is returned within six weeks.

      ## Pets

      - One cat may be kept.
      - Others need consent.
      """;

  @Test
  void lateInteractionSaysWhichPassagesAreWorthComparing() {
    OptionalDouble none = OptionalDouble.empty();
    assertThat(
            NearestSentence.worthComparing(
                List.of(
                    OptionalDouble.of(0.3), none, OptionalDouble.of(0.5), OptionalDouble.of(0.4))))
        .containsExactlyInAnyOrder(2, 3);
    assertThat(NearestSentence.worthComparing(List.of(none, none, none)))
        .containsExactlyInAnyOrder(0, 1);
    assertThat(NearestSentence.worthComparing(List.of(none, none, OptionalDouble.of(-0.9))))
        .containsExactlyInAnyOrder(2, 0);
    assertThat(NearestSentence.worthComparing(List.of(none))).containsExactly(0);
    assertThat(NearestSentence.worthComparing(List.of())).isEmpty();
  }

  @Test
  void aSentenceStandsUnderItsHeading() {
    assertThat(NearestSentence.pieces("", LEASE))
        .containsExactly(
            "Lease\nBetween Ms Ford and Mr Hale.",
            "Deposit\nThe tenant has paid 1,880 euros.",
            "Deposit\nIt is returned within six weeks.",
            "Pets\n- One cat may be kept.",
            "Pets\n- Others need consent.");
  }

  @Test
  void beforeTheFirstHeadingItStandsUnderThePassages() {
    assertThat(NearestSentence.pieces("Lease > Deposit", "It is returned.\n\n## Pets\n\nOne cat."))
        .containsExactly("Deposit\nIt is returned.", "Pets\nOne cat.");
    assertThat(NearestSentence.pieces("", "没有标题。第二句。")).containsExactly("没有标题。", "第二句。");
    assertThat(NearestSentence.pieces("", "# Only a heading")).containsExactly("# Only a heading");
  }

  @Test
  void manySentencesAreComparedSeveralTogetherAndNoneIsLost() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      text.append("Row number ").append(i).append(". ");
    }
    var pieces = NearestSentence.pieces("", text.toString());
    assertThat(pieces).hasSizeLessThanOrEqualTo(16);
    assertThat(String.join(" ", pieces)).isEqualTo(text.toString().strip());
  }

  /** A text's vector says how often "x" and "y" stand in it; Chinese has no model. */
  private static final class Letters implements Embedder {
    @Override
    public EmbeddingModel model() {
      return new EmbeddingModel("letters", 2, 100, 0);
    }

    @Override
    public Embedding embed(String text) {
      double x = text.chars().filter(c -> c == 'x').count();
      double y = text.chars().filter(c -> c == 'y').count();
      double length = Math.max(1e-9, Math.hypot(x, y));
      return new Embedding(
          new float[] {(float) (x / length), (float) (y / length)}, new float[0][], 1);
    }

    @Override
    public void close() {
      // holds nothing
    }
  }

  private static final Embedders MODELS =
      new Embedders(Optional.of(new Letters()), Optional.empty());

  @Test
  void oneSentenceIsEnough() throws Exception {
    NearestSentence nearest = new NearestSentence("x", MODELS);
    assertThat(nearest.cosine("", "Yyyy. An x. Yyyy.").orElseThrow()).isEqualTo(1);
    assertThat(nearest.cosine("", "Yyy. Yyyy.").orElseThrow()).isZero();
    // In one vector the whole is hardly about x.
    assertThat(new Letters().embed("Yyyy. An x. Yyyy.").vector()[0]).isLessThan(0.2f);
  }

  @Test
  void scriptsWithoutACommonModelAreNotCompared() throws Exception {
    assertThat(new NearestSentence("x", MODELS).cosine("", "一只猫。")).isEmpty();
    assertThat(new NearestSentence("猫", MODELS).cosine("", "One x.")).isEmpty();
    assertThat(new NearestSentence("x", Embedders.NONE).cosine("", "One x.")).isEmpty();
  }
}
