package dev.qwenmcp.server.knowledge;

import org.apache.lucene.util.BytesRef;

/**
 * The token vectors of a passage, four times as fine as in {@link TokenMatrix}: means of {@link
 * #POOL} neighbouring tokens, of which only the signs are kept, a bit for each number.
 *
 * <p>An abstract is told from its neighbours on the same subject by single words, which a mean over
 * eight tokens blurs; and a vector of hundreds of numbers keeps its direction in their signs, so
 * that these order nearly as well as every token in float32. A passage of 250 tokens and dimension
 * 384 takes 6 KB more.
 *
 * <p>Bytes of a row: {@code dimension / 8}, rounded up, the first number in the lowest bit; a bit
 * is set where the number is not negative.
 */
final class TokenSigns {
  /** Tokens that share a row. */
  static final int POOL = 2;

  private final byte[] bytes;
  private final int offset;
  private final int rows;
  private final int dimension;

  private TokenSigns(byte[] bytes, int offset, int rows, int dimension) {
    this.bytes = bytes;
    this.offset = offset;
    this.rows = rows;
    this.dimension = dimension;
  }

  /** Bytes of a row. */
  static int width(int dimension) {
    return (dimension + Byte.SIZE - 1) / Byte.SIZE;
  }

  /** Packs token vectors (tokens, dimension). */
  static TokenSigns pack(float[][] tokens, int dimension) {
    int rows = (tokens.length + POOL - 1) / POOL;
    int width = width(dimension);
    byte[] bytes = new byte[rows * width];
    for (int row = 0; row < rows; row++) {
      int end = Math.min(tokens.length, (row + 1) * POOL);
      for (int i = 0; i < dimension; i++) {
        float sum = 0;
        for (int t = row * POOL; t < end; t++) {
          sum += tokens[t][i];
        }
        if (sum >= 0) {
          bytes[row * width + i / Byte.SIZE] |= (byte) (1 << i % Byte.SIZE);
        }
      }
    }
    return new TokenSigns(bytes, 0, rows, dimension);
  }

  /** What {@link #bytes} gave; reads from the array, which must stay as it is. */
  static TokenSigns of(BytesRef bytes, int dimension) {
    return new TokenSigns(bytes.bytes, bytes.offset, bytes.length / width(dimension), dimension);
  }

  BytesRef bytes() {
    return new BytesRef(bytes, offset, rows * width(dimension));
  }

  /** MaxSim of a query, see {@link SignQuery#similarity}. */
  double similarity(SignQuery query) {
    return query.similarity(bytes, offset, rows);
  }
}
