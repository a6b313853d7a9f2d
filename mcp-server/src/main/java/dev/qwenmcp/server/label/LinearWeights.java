package dev.qwenmcp.server.label;

/**
 * A linear function of {@link Features} for each label.
 *
 * @param labels number of labels
 * @param dense length of embeddings
 * @param sparse size of the vocabulary
 * @param values (dense + sparse + 1, labels): a row for each number of the embedding, for each
 *     word, and the bias
 */
record LinearWeights(int labels, int dense, int sparse, float[] values) {

  static LinearWeights zero(int labels, int dense, int sparse) {
    return new LinearWeights(labels, dense, sparse, new float[(dense + sparse + 1) * labels]);
  }

  /** Writes the value of each label for a text into a row of {@code out}. */
  void scores(Features features, float[] out, int at) {
    System.arraycopy(values, (dense + sparse) * labels, out, at, labels);
    float[] x = features.dense();
    int j = 0;
    for (; j + 4 <= dense; j += 4) {
      int row = j * labels;
      float a = x[j];
      float b = x[j + 1];
      float c = x[j + 2];
      float d = x[j + 3];
      for (int k = 0; k < labels; k++) { // four rows a pass: one store for four products
        out[at + k] +=
            a * values[row + k]
                + b * values[row + labels + k]
                + c * values[row + 2 * labels + k]
                + d * values[row + 3 * labels + k];
      }
    }
    for (; j < dense; j++) {
      add(x[j], j, out, at);
    }
    SparseVector words = features.sparse();
    for (int i = 0; i < words.indices().length; i++) {
      add(words.values()[i], dense + words.indices()[i], out, at);
    }
  }

  private void add(float factor, int row, float[] out, int at) {
    int from = row * labels;
    for (int k = 0; k < labels; k++) {
      out[at + k] += factor * values[from + k];
    }
  }

  /** Probabilities of the labels for a text (softmax). */
  double[] probabilities(Features features) {
    float[] scores = new float[labels];
    scores(features, scores, 0);
    double max = Double.NEGATIVE_INFINITY;
    for (float score : scores) {
      max = Math.max(max, score);
    }
    double[] result = new double[labels];
    double sum = 0;
    for (int k = 0; k < labels; k++) {
      result[k] = Math.exp(scores[k] - max);
      sum += result[k];
    }
    for (int k = 0; k < labels; k++) {
      result[k] /= sum;
    }
    return result;
  }
}
