package dev.qwenmcp.server.knowledge;

import java.util.Arrays;

/**
 * The tokens of a query as {@link TokenSigns} compares them with the rows of many passages: for
 * each token and each four numbers the sixteen sums that their signs can make. A product with a row
 * is then one number from a table for each half byte, a sixth of the time of multiplying by the
 * signs.
 */
final class SignQuery {
  private static final int BITS = 4;
  private static final int SUMS = 1 << BITS;

  private final float[][] tables; // (tokens, dimension / 4 rounded up to whole bytes, 16)
  private final double[] weights;
  private final double weight;
  private final int dimension;

  /**
   * @param tokens vectors (n, dimension) of length 1
   * @param weights how much each counts, not negative
   */
  SignQuery(float[][] tokens, double[] weights, int dimension) {
    this.weights = weights.clone();
    this.weight = Arrays.stream(weights).sum();
    this.dimension = dimension;
    this.tables = new float[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      tables[t] = table(tokens[t], TokenSigns.width(dimension) * Byte.SIZE / BITS);
    }
  }

  private static float[] table(float[] token, int groups) {
    float[] table = new float[groups * SUMS];
    for (int group = 0; group < groups; group++) {
      for (int signs = 0; signs < SUMS; signs++) {
        float sum = 0;
        for (int i = group * BITS; i < Math.min((group + 1) * BITS, token.length); i++) {
          sum += (signs >> i % BITS & 1) == 1 ? token[i] : -token[i];
        }
        table[group * SUMS + signs] = sum;
      }
    }
    return table;
  }

  double[] weights() {
    return weights.clone();
  }

  /**
   * MaxSim as a weighted mean.
   *
   * @param bytes rows of signs, from {@code offset} on
   * @return weighted mean over the tokens of the largest cosine with a row, -1 to 1; 0 if there are
   *     no rows, no tokens or no weight
   */
  double similarity(byte[] bytes, int offset, int rows) {
    if (rows == 0 || weight == 0) {
      return 0;
    }
    int width = TokenSigns.width(dimension);
    double sum = 0;
    for (int t = 0; t < tables.length; t++) {
      float best = Float.NEGATIVE_INFINITY;
      for (int row = 0; row < rows; row++) {
        best = Math.max(best, product(tables[t], bytes, offset + row * width, width));
      }
      sum += weights[t] * best;
    }
    return sum / weight / Math.sqrt(dimension);
  }

  private static float product(float[] table, byte[] bytes, int at, int width) {
    // Two sums, since each addition waits for the one before it.
    float low = 0;
    float high = 0;
    for (int b = 0; b < width; b++) {
      int signs = bytes[at + b];
      int group = 2 * SUMS * b;
      low += table[group + (signs & SUMS - 1)];
      high += table[group + SUMS + (signs >> BITS & SUMS - 1)];
    }
    return low + high;
  }
}
