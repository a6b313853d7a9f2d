package dev.qwenmcp.engine.model;

import dev.qwenmcp.engine.kernel.ExpertMatrix;
import dev.qwenmcp.engine.kernel.Matrix;
import dev.qwenmcp.engine.kernel.Norm;
import java.util.List;

/**
 * All weights of a model, as they lie in the mapped file.
 *
 * @param embedding (vocabulary, width)
 * @param layers one a block
 * @param outputNorm before the head
 * @param head (vocabulary, width); the embedding itself where the file ties them
 */
record Weights(Matrix embedding, List<Layer> layers, Norm outputNorm, Matrix head) {
  Weights {
    layers = List.copyOf(layers);
  }

  /**
   * One transformer block.
   *
   * @param attentionNorm before query, key and value
   * @param query (heads * headDim, width)
   * @param key (kvHeads * headDim, width)
   * @param value (kvHeads * headDim, width)
   * @param queryNorm of each query head
   * @param keyNorm of each key head
   * @param attentionOutput (width, heads * headDim)
   * @param feedForward what follows
   */
  record Layer(
      Norm attentionNorm,
      Matrix query,
      Matrix key,
      Matrix value,
      Norm queryNorm,
      Norm keyNorm,
      Matrix attentionOutput,
      FeedForward feedForward) {}

  /** The block's second half. */
  sealed interface FeedForward {}

  /** gate, up (ff, width), down (width, ff). */
  record Dense(Norm norm, Matrix gate, Matrix up, Matrix down) implements FeedForward {}

  /** router float32 (experts, width); gate, up (experts, ff, width), down (experts, width, ff). */
  record Mixture(
      Norm norm, Matrix router, ExpertMatrix gate, ExpertMatrix up, ExpertMatrix down, int used)
      implements FeedForward {}
}
