package dev.qwenmcp.engine.model;

/**
 * Shape of a Qwen3 model.
 *
 * @param architecture {@code qwen3} or {@code qwen3moe}
 * @param layers transformer blocks
 * @param width elements of the residual stream
 * @param heads query heads
 * @param kvHeads key/value heads; heads is a multiple
 * @param headDim elements of a head
 * @param feedForward what follows attention in every block
 * @param vocabulary rows of the embedding
 * @param contextTokens longest sequence
 * @param normEpsilon epsilon of all RMS norms
 * @param ropeBase base of the rotary frequencies
 * @param ropeScaling stretching of positions
 */
public record ModelConfig(
    String architecture,
    int layers,
    int width,
    int heads,
    int kvHeads,
    int headDim,
    FeedForwardShape feedForward,
    int vocabulary,
    int contextTokens,
    float normEpsilon,
    double ropeBase,
    RopeScaling ropeScaling) {

  /** Dense or mixture of experts. */
  public sealed interface FeedForwardShape {}

  /**
   * One feed-forward for all tokens.
   *
   * @param width elements of its hidden layer
   */
  public record Dense(int width) implements FeedForwardShape {}

  /**
   * Many feed-forwards, some of them chosen for each token.
   *
   * @param experts how many there are
   * @param used how many each token takes
   * @param width elements of an expert's hidden layer
   */
  public record Experts(int experts, int used, int width) implements FeedForwardShape {}
}
