package dev.qwenmcp.server.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FusionTest {

  @Test
  void ranksAreFusedAsInThePaper() {
    List<Hit> words = List.of(new Hit(1, 9), new Hit(2, 8), new Hit(3, 7));
    List<Hit> vectors = List.of(new Hit(3, 0.9), new Hit(1, 0.8));
    List<Hit> fused = new ReciprocalRanks().add(words, 1).add(vectors, 1).ranking();
    assertThat(fused).extracting(Hit::id).containsExactly(1L, 3L, 2L);
    assertThat(fused.getFirst().score()).isEqualTo(1.0 / 61 + 1.0 / 62);
    assertThat(fused.getLast().score()).isEqualTo(1.0 / 62);
  }

  @Test
  void wordsAndMeaningAreWeighedAndWhatIsMissingCountsAsTheMean() {
    Fusion.Parts[] passages = {
      new Fusion.Parts(1, OptionalDouble.of(0.8), OptionalDouble.of(0.6)),
      new Fusion.Parts(0, OptionalDouble.of(0.2), OptionalDouble.of(0.4)),
      new Fusion.Parts(0.5, OptionalDouble.empty(), OptionalDouble.empty())
    };
    double[] expected = {0.45 + 0.55 * 0.7, 0.55 * 0.3, 0.225 + 0.55 * 0.5};
    assertThat(Fusion.scores(passages)).containsExactly(expected, within(1e-9));
  }

  @Test
  void theCosineCountsForTheTokensOfAModelThatHasNone() {
    Fusion.Parts[] passages = {
      new Fusion.Parts(0, OptionalDouble.of(0.6), OptionalDouble.empty()),
      new Fusion.Parts(1, OptionalDouble.of(0.2), OptionalDouble.empty())
    };
    double[] expected = {0.55 * 0.6, 0.45 + 0.55 * 0.2};
    assertThat(Fusion.scores(passages)).containsExactly(expected, within(1e-9));
    assertThat(Fusion.scores(new Fusion.Parts[0])).isEmpty();
  }

  @Test
  void tokensArePackedNearlyUnchanged() {
    Random random = new Random(5);
    int dimension = 64;
    float[][] tokens = new float[TokenMatrix.POOL][dimension];
    for (int i = 0; i < dimension; i++) {
      float x = (float) random.nextGaussian();
      for (float[] token : tokens) {
        token[i] = x; // all alike, so that their mean is each of them
      }
    }
    double length = 0;
    for (float x : tokens[0]) {
      length += x * x;
    }
    for (float[] token : tokens) {
      for (int i = 0; i < dimension; i++) {
        token[i] /= (float) Math.sqrt(length);
      }
    }
    TokenMatrix packed = TokenMatrix.pack(tokens, dimension);
    assertThat(packed.bytes().length).isEqualTo(4 + dimension);
    TokenMatrix read = TokenMatrix.of(packed.bytes(), dimension);
    assertThat(read.similarity(tokens)).isEqualTo(1, within(0.01));
  }

  @Test
  void lateInteractionTakesTheBestRowForEachToken() {
    float[][] passage = new float[2 * TokenMatrix.POOL][2];
    for (int t = 0; t < passage.length; t++) {
      passage[t][t < TokenMatrix.POOL ? 0 : 1] = 1;
    }
    TokenMatrix matrix = TokenMatrix.pack(passage, 2);
    float[][] query = {{1, 0}, {0, 1}, {0.6f, -0.8f}};
    assertThat(matrix.similarity(query)).isEqualTo((1 + 1 + 0.6) / 3, within(0.01));
    assertThat(matrix.similarity(new float[0][])).isZero();
    assertThat(TokenMatrix.pack(new float[0][], 2).similarity(query)).isZero();
  }
}
