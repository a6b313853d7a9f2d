package dev.qwenmcp.server.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClassifierTrainingTest {
  private static final int DIMENSION = 16;
  private static final int LABELS = 4;

  private final List<LabelExample> examples = new ArrayList<>();
  private final List<float[]> vectors = new ArrayList<>();
  private final Random random = new Random(3);

  /** A cloud for each label around an axis of its own. */
  ClassifierTrainingTest() {
    for (int i = 0; i < 80; i++) {
      int label = i % LABELS;
      examples.add(new LabelExample("word" + label + " number " + i, "label" + label));
      vectors.add(near(label, 0.2));
    }
  }

  private float[] near(int axis, double spread) {
    float[] vector = new float[DIMENSION];
    double squares = 0;
    for (int d = 0; d < DIMENSION; d++) {
      vector[d] = (float) ((d == axis ? 1 : 0) + spread * random.nextGaussian());
      squares += vector[d] * vector[d];
    }
    for (int d = 0; d < DIMENSION; d++) {
      vector[d] /= (float) Math.sqrt(squares);
    }
    return vector;
  }

  private LabelClassifier train() throws InterruptedException {
    return new ClassifierTraining(examples, vectors, (step, done, all) -> {}, () -> false).train();
  }

  @Test
  void labelsWhatItHasNotSeen() throws Exception {
    LabelClassifier classifier = train();
    assertThat(classifier.labels()).containsExactly("label0", "label1", "label2", "label3");
    assertThat(classifier.scope().held()).isEqualTo(80);
    assertThat(classifier.scope().accuracy()).isGreaterThan(0.95);
    assertThat(classifier.scope().threshold()).isBetween(0.05, 0.95);
    for (int label = 0; label < LABELS; label++) {
      double[] p = classifier.probabilities("something else", near(label, 0.2));
      assertThat(Arrays.stream(p).sum()).isBetween(1 - 1e-6, 1 + 1e-6);
      assertThat(p[label]).isEqualTo(Arrays.stream(p).max().orElseThrow());
    }
  }

  @Test
  void isTheSameEveryTimeAndAfterHavingBeenStored() throws Exception {
    byte[] once = train().toBytes();
    assertThat(train().toBytes()).isEqualTo(once);
    LabelClassifier read = LabelClassifier.of(once);
    assertThat(read.toBytes()).isEqualTo(once);
    float[] vector = near(2, 0.3);
    assertThat(read.probabilities("word2", vector))
        .isEqualTo(train().probabilities("word2", vector));
  }

  @Test
  void damagedBytesAreRefused() throws Exception {
    byte[] bytes = train().toBytes();
    for (int cut = 0; cut < bytes.length; cut += 37) {
      byte[] part = Arrays.copyOf(bytes, cut);
      assertThatThrownBy(() -> LabelClassifier.of(part)).isInstanceOf(IOException.class);
    }
    bytes[3] = 99;
    assertThatThrownBy(() -> LabelClassifier.of(bytes)).hasMessageContaining("format");
  }

  @Test
  void canBeCancelled() {
    ClassifierTraining training =
        new ClassifierTraining(examples, vectors, (step, done, all) -> {}, () -> true);
    assertThatThrownBy(training::train).isInstanceOf(InterruptedException.class);
  }

  @Test
  void wordsAreWeightedByHowRareTheyAre() {
    LexicalVocabulary vocabulary =
        LexicalVocabulary.of(List.of("the card", "the pin", "the card", "我想退货", "怎么退货"));
    assertThat(vocabulary.entries()).contains("wthe", "wcard", "pthe card", "退货");
    assertThat(vocabulary.entries()).doesNotContain("wpin");
    SparseVector vector = vocabulary.vector("The card!", 0.7);
    double squares = 0;
    for (float value : vector.values()) {
      squares += value * value;
    }
    assertThat(Math.sqrt(squares)).isBetween(0.699, 0.701);
    assertThat(vocabulary.vector("zzz", 1).indices()).isEmpty();
  }
}
