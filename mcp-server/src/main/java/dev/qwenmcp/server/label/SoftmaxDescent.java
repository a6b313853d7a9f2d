package dev.qwenmcp.server.label;

import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * Multinomial logistic regression by stochastic gradient descent: the mean of -log p(label | text)
 * over the examples plus half the squared length of the weights over {@code (examples · fit)}.
 *
 * <p>One example a step, in an order that is shuffled anew each round but always the same; the step
 * falls linearly to nothing. On texts of length 1 ten rounds come within a hundredth of the
 * minimum, at the cost of ten passes over the examples.
 */
final class SoftmaxDescent {
  private static final double STEP = 2;

  /** The bias is a feature of every text; a smaller one, so that frequent labels gain little. */
  private static final float BIAS = 0.1f;

  private static final int SEED = 1;

  private final List<Features> examples;
  private final int[] labels;
  private final LinearWeights weights;
  private final double fit;

  /**
   * @param labels of the examples, by index
   * @param weights where to begin; they are changed
   * @param fit how much the examples count against short weights
   */
  SoftmaxDescent(List<Features> examples, int[] labels, LinearWeights weights, double fit) {
    this.examples = examples;
    this.labels = labels;
    this.weights = weights;
    this.fit = fit;
  }

  /**
   * The weights after so many rounds over all examples.
   *
   * @throws InterruptedException if it was cancelled
   */
  LinearWeights run(int rounds, BooleanSupplier cancelled) throws InterruptedException {
    int n = labels.length;
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    Random random = new Random(SEED);
    float[] errors = new float[weights.labels()];
    long done = 0;
    for (int round = 0; round < rounds; round++) {
      if (cancelled.getAsBoolean()) {
        throw new InterruptedException("training was cancelled");
      }
      shuffle(order, random);
      double kept = 1;
      for (int i : order) {
        double step = STEP * (1 - (double) done++ / ((long) n * rounds));
        errors(i, step, errors);
        add(examples.get(i), errors);
        kept *= 1 - step / (n * fit);
      }
      shrink((float) kept);
    }
    return weights;
  }

  private static void shuffle(int[] order, Random random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
  }

  /** What each label's weights gain, for a text of length 1. */
  private void errors(int example, double step, float[] errors) {
    weights.scores(examples.get(example), errors, 0);
    float max = errors[0];
    for (float score : errors) {
      max = Math.max(max, score);
    }
    double sum = 0;
    for (int k = 0; k < errors.length; k++) {
      errors[k] = (float) Math.exp(errors[k] - max);
      sum += errors[k];
    }
    float scale = (float) (-step / sum);
    for (int k = 0; k < errors.length; k++) {
      errors[k] *= scale;
    }
    errors[labels[example]] += (float) step;
  }

  private void add(Features text, float[] errors) {
    float[] dense = text.dense();
    for (int j = 0; j < dense.length; j++) {
      add(dense[j], j, errors);
    }
    SparseVector words = text.sparse();
    for (int i = 0; i < words.indices().length; i++) {
      add(words.values()[i], dense.length + words.indices()[i], errors);
    }
    add(BIAS, weights.dense() + weights.sparse(), errors);
  }

  private void add(float factor, int row, float[] errors) {
    float[] values = weights.values();
    int from = row * errors.length;
    for (int k = 0; k < errors.length; k++) {
      values[from + k] += factor * errors[k];
    }
  }

  /** All weights but the biases. */
  private void shrink(float kept) {
    float[] values = weights.values();
    int biases = (weights.dense() + weights.sparse()) * weights.labels();
    for (int i = 0; i < biases; i++) {
      values[i] *= kept;
    }
  }
}
