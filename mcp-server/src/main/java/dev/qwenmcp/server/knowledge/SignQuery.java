package dev.qwenmcp.server.knowledge;

import java.util.Arrays;
import org.apache.lucene.util.VectorUtil;
import org.apache.lucene.util.quantization.OptimizedScalarQuantizer;

/**
 * The tokens of a query as {@link TokenSigns} compares them with the rows of many passages: numbers
 * of four bits, so that a product with a row of signs is made of counted bits, a tenth of the time
 * of multiplying.
 *
 * <p>A token is {@code low + step u}, {@code u} from 0 to 15. With signs of 2 b - 1 its product is
 * {@code 2 (low sum(b) + step sum(u b)) - sum(low + step u)}.
 */
final class SignQuery {
  private static final int LARGEST = 15;

  private final Token[] tokens;
  private final double[] weights;
  private final double weight;
  private final int dimension;

  /** A token; {@code bits} as Lucene multiplies them: all lowest bits first. */
  private record Token(byte[] bits, double low, double step, double sum) {

    static Token of(float[] vector, int width) {
      float low = Float.POSITIVE_INFINITY;
      float high = Float.NEGATIVE_INFINITY;
      for (float x : vector) {
        low = Math.min(low, x);
        high = Math.max(high, x);
      }
      float step = high > low ? (high - low) / LARGEST : 1;
      byte[] u = new byte[width * Byte.SIZE];
      double sum = 0;
      for (int i = 0; i < vector.length; i++) {
        // A byte of a row has its first number in the lowest bit, Lucene's in the highest.
        int place = i / Byte.SIZE * Byte.SIZE + Byte.SIZE - 1 - i % Byte.SIZE;
        u[place] = (byte) Math.round((vector[i] - low) / step);
        sum += low + step * u[place];
      }
      byte[] bits = new byte[4 * width];
      OptimizedScalarQuantizer.transposeHalfByte(u, bits);
      return new Token(bits, low, step, sum);
    }

    double product(byte[] signs, int positive) {
      return 2 * (low * positive + step * VectorUtil.int4BitDotProduct(bits, signs)) - sum;
    }
  }

  /**
   * @param tokens vectors (n, dimension) of length 1
   * @param weights how much each counts, not negative
   */
  SignQuery(float[][] tokens, double[] weights, int dimension) {
    this.weights = weights.clone();
    this.weight = Arrays.stream(weights).sum();
    this.dimension = dimension;
    this.tokens =
        Arrays.stream(tokens)
            .map(token -> Token.of(token, TokenSigns.width(dimension)))
            .toArray(Token[]::new);
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
    double[] best = new double[tokens.length];
    Arrays.fill(best, Double.NEGATIVE_INFINITY);
    byte[] row = new byte[width];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(bytes, offset + r * width, row, 0, width);
      int positive = 0;
      for (byte b : row) {
        positive += Integer.bitCount(b & 0xFF);
      }
      for (int t = 0; t < tokens.length; t++) {
        best[t] = Math.max(best[t], tokens[t].product(row, positive));
      }
    }
    double sum = 0;
    for (int t = 0; t < tokens.length; t++) {
      sum += weights[t] * best[t];
    }
    return sum / weight / Math.sqrt(dimension);
  }
}
