package dev.qwenmcp.engine.synth;

import java.util.Optional;

/**
 * Sizes of a random model.
 *
 * @param layers transformer blocks
 * @param width of the residual stream
 * @param heads query heads, a multiple of kvHeads
 * @param kvHeads key and value heads
 * @param headDim elements of one head, even; heads * headDim need not be the width
 * @param ff width of the dense feed-forward (unused with experts, as in the published models)
 * @param experts number of experts, 0 for the dense architecture {@code qwen3}
 * @param used experts of each token
 * @param expertFf width of one expert's feed-forward
 * @param vocabulary token ids, as many as its tokenizer has
 * @param tied whether the head is the embedding table
 * @param ropeBase base of the rotation's frequencies
 * @param context trained context length
 * @param yarn extension of the context, if any
 */
public record ModelShape(
    int layers,
    int width,
    int heads,
    int kvHeads,
    int headDim,
    int ff,
    int experts,
    int used,
    int expertFf,
    int vocabulary,
    boolean tied,
    float ropeBase,
    int context,
    Optional<Yarn> yarn) {

  /** YaRN's factor and the context length before it. */
  public record Yarn(float factor, int originalContext) {}

  /** Two layers of mixture, every row a multiple of 256, so that all types fit. */
  public static ModelShape mixture() {
    return new ModelShape(
        2, 256, 4, 2, 64, 512, 8, 2, 256, 320, true, 1e6f, 40960, Optional.empty());
  }

  /** Two dense layers, every row a multiple of 256. */
  public static ModelShape dense() {
    return mixture().withExperts(0, 0, 0);
  }

  /** Qwen3-0.6B: 28 dense layers, tied head. */
  public static ModelShape qwen3Small() {
    return new ModelShape(
        28, 1024, 16, 8, 128, 3072, 0, 0, 0, 151_936, true, 1e6f, 40960, Optional.empty());
  }

  /** A mixture between a test model and a real one: 1.6 billion weights, 0.3 billion active. */
  public static ModelShape mixtureMedium() {
    return new ModelShape(
        12, 1024, 16, 4, 128, 3072, 64, 8, 512, 151_936, false, 1e6f, 40960, Optional.empty());
  }

  /** Qwen3-30B-A3B. */
  public static ModelShape qwen3Large() {
    return new ModelShape(
        48, 2048, 32, 4, 128, 6144, 128, 8, 768, 151_936, false, 1e6f, 40960, Optional.empty());
  }

  /** A dense model of the weights that Qwen3-30B-A3B uses for one token (8 * 768 = 6144). */
  public static ModelShape qwen3LargeActive() {
    return qwen3Large().withExperts(0, 0, 0);
  }

  /** {@code qwen3} or {@code qwen3moe}. */
  public String architecture() {
    return experts > 0 ? "qwen3moe" : "qwen3";
  }

  public ModelShape withLayers(int layers) {
    return new ModelShape(
        layers,
        width,
        heads,
        kvHeads,
        headDim,
        ff,
        experts,
        used,
        expertFf,
        vocabulary,
        tied,
        ropeBase,
        context,
        yarn);
  }

  public ModelShape withWidth(int width) {
    return new ModelShape(
        layers,
        width,
        heads,
        kvHeads,
        headDim,
        ff,
        experts,
        used,
        expertFf,
        vocabulary,
        tied,
        ropeBase,
        context,
        yarn);
  }

  public ModelShape withHeads(int heads, int kvHeads, int headDim) {
    return new ModelShape(
        layers,
        width,
        heads,
        kvHeads,
        headDim,
        ff,
        experts,
        used,
        expertFf,
        vocabulary,
        tied,
        ropeBase,
        context,
        yarn);
  }

  public ModelShape withFf(int ff) {
    return new ModelShape(
        layers,
        width,
        heads,
        kvHeads,
        headDim,
        ff,
        experts,
        used,
        expertFf,
        vocabulary,
        tied,
        ropeBase,
        context,
        yarn);
  }

  public ModelShape withExperts(int experts, int used, int expertFf) {
    return new ModelShape(
        layers,
        width,
        heads,
        kvHeads,
        headDim,
        ff,
        experts,
        used,
        expertFf,
        vocabulary,
        tied,
        ropeBase,
        context,
        yarn);
  }

  public ModelShape withVocabulary(int vocabulary) {
    return new ModelShape(
        layers,
        width,
        heads,
        kvHeads,
        headDim,
        ff,
        experts,
        used,
        expertFf,
        vocabulary,
        tied,
        ropeBase,
        context,
        yarn);
  }

  public ModelShape withTied(boolean tied) {
    return new ModelShape(
        layers,
        width,
        heads,
        kvHeads,
        headDim,
        ff,
        experts,
        used,
        expertFf,
        vocabulary,
        tied,
        ropeBase,
        context,
        yarn);
  }

  public ModelShape withRopeBase(float ropeBase) {
    return new ModelShape(
        layers,
        width,
        heads,
        kvHeads,
        headDim,
        ff,
        experts,
        used,
        expertFf,
        vocabulary,
        tied,
        ropeBase,
        context,
        yarn);
  }

  public ModelShape withContext(int context) {
    return new ModelShape(
        layers,
        width,
        heads,
        kvHeads,
        headDim,
        ff,
        experts,
        used,
        expertFf,
        vocabulary,
        tied,
        ropeBase,
        context,
        yarn);
  }

  /** The same model with its context extended from {@code originalContext}. */
  public ModelShape withYarn(float factor, int originalContext) {
    return new ModelShape(
        layers,
        width,
        heads,
        kvHeads,
        headDim,
        ff,
        experts,
        used,
        expertFf,
        vocabulary,
        tied,
        ropeBase,
        context,
        Optional.of(new Yarn(factor, originalContext)));
  }
}
