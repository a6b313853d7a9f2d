package dev.qwenmcp.engine.kv;

/**
 * How a page lays out keys and values.
 *
 * <p>A page holds {@link #PAGE_TOKENS} consecutive positions of one sequence for all layers: {@code
 * page[layer][K=0|V=1][kvHead][position % 64][rowBytes]}, without gaps, 64-byte aligned.
 *
 * @param type storage type
 * @param layers number of layers
 * @param kvHeads key/value heads of a layer
 * @param headDim elements of a key and of a value vector
 */
public record KvLayout(KvType type, int layers, int kvHeads, int headDim) {
  /** Positions of one page. */
  public static final int PAGE_TOKENS = 64;

  public KvLayout {
    if (layers < 1 || kvHeads < 1 || headDim < 1) {
      throw new IllegalArgumentException("layers, kvHeads and headDim are at least 1");
    }
    type.rowBytes(headDim); // throws where headDim does not fit the type's blocks
  }

  /** Bytes of one head's vector. */
  public long rowBytes() {
    return type.rowBytes(headDim);
  }

  /** Bytes of one head's rows in a page. */
  public long headBytes() {
    return PAGE_TOKENS * rowBytes();
  }

  /** Offset in a page of the keys of a layer and head; values follow {@link #valueOffset}. */
  public long keyOffset(int layer, int kvHead) {
    return ((2L * layer) * kvHeads + kvHead) * headBytes();
  }

  /** Offset in a page of the values of a layer and head. */
  public long valueOffset(int layer, int kvHead) {
    return ((2L * layer + 1) * kvHeads + kvHead) * headBytes();
  }

  /** Bytes of a page. */
  public long pageBytes() {
    return 2L * layers * kvHeads * headBytes();
  }

  /** Bytes that one token takes. */
  public long bytesPerToken() {
    return pageBytes() / PAGE_TOKENS;
  }
}
