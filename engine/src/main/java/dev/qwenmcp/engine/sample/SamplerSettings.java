package dev.qwenmcp.engine.sample;

/**
 * How the next token is drawn from the logits.
 *
 * @param temperature 0 for greedy; otherwise logits are divided by it
 * @param topK keep the k likeliest, 0 for all
 * @param topP keep the smallest set with at least this probability, 1 for all
 * @param minP keep tokens with at least this share of the best token's probability, 0 for all
 * @param repetitionPenalty divides positive and multiplies negative logits of seen tokens, 1 for
 *     none
 * @param presencePenalty subtracted once from each seen token's logit
 * @param frequencyPenalty subtracted for each occurrence
 * @param penaltyWindow how many of the last tokens count as seen
 * @param seed of the random numbers; the same seed gives the same text
 */
public record SamplerSettings(
    float temperature,
    int topK,
    float topP,
    float minP,
    float repetitionPenalty,
    float presencePenalty,
    float frequencyPenalty,
    int penaltyWindow,
    long seed) {

  /** Always the likeliest token. */
  public static final SamplerSettings GREEDY =
      new SamplerSettings(0f, 0, 1f, 0f, 1f, 0f, 0f, 64, 0);
}
