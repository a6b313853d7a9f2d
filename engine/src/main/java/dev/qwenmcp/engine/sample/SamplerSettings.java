package dev.qwenmcp.engine.sample;

import dev.qwenmcp.engine.chat.ThinkingMode;

/**
 * How the next token is drawn from the logits; {@link SamplerChain} states the order of the stages.
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

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming the setting, its value and what is allowed
   */
  public SamplerSettings {
    check(
        temperature >= 0 && temperature < Float.POSITIVE_INFINITY,
        "temperature",
        temperature,
        "0 (greedy) or a positive finite number");
    check(topK >= 0, "topK", topK, "0 (off) or a positive number of tokens");
    check(topP >= 0 && topP <= 1, "topP", topP, "between 0 and 1 (off)");
    check(minP >= 0 && minP <= 1, "minP", minP, "between 0 (off) and 1");
    check(
        repetitionPenalty > 0 && repetitionPenalty < Float.POSITIVE_INFINITY,
        "repetitionPenalty",
        repetitionPenalty,
        "a positive finite number, 1 for none");
    check(
        Float.isFinite(presencePenalty),
        "presencePenalty",
        presencePenalty,
        "a finite number, 0 for none");
    check(
        Float.isFinite(frequencyPenalty),
        "frequencyPenalty",
        frequencyPenalty,
        "a finite number, 0 for none");
    check(
        penaltyWindow >= 0,
        "penaltyWindow",
        penaltyWindow,
        "0 (no penalties) or a positive number of tokens");
  }

  /**
   * What the makers of Qwen3 recommend: 0.6 / top-p 0.95 for thinking, 0.7 / top-p 0.8 otherwise,
   * both with top-k 20. They warn against greedy decoding while thinking (endless repetition).
   */
  public static SamplerSettings qwen3(ThinkingMode thinking, long seed) {
    return switch (thinking) {
      case ON -> new SamplerSettings(0.6f, 20, 0.95f, 0f, 1f, 0f, 0f, 64, seed);
      case OFF -> new SamplerSettings(0.7f, 20, 0.8f, 0f, 1f, 0f, 0f, 64, seed);
    };
  }

  public SamplerSettings withTemperature(float value) {
    return new SamplerSettings(
        value,
        topK,
        topP,
        minP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        penaltyWindow,
        seed);
  }

  public SamplerSettings withTopK(int value) {
    return new SamplerSettings(
        temperature,
        value,
        topP,
        minP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        penaltyWindow,
        seed);
  }

  public SamplerSettings withTopP(float value) {
    return new SamplerSettings(
        temperature,
        topK,
        value,
        minP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        penaltyWindow,
        seed);
  }

  public SamplerSettings withMinP(float value) {
    return new SamplerSettings(
        temperature,
        topK,
        topP,
        value,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        penaltyWindow,
        seed);
  }

  public SamplerSettings withRepetitionPenalty(float value) {
    return new SamplerSettings(
        temperature,
        topK,
        topP,
        minP,
        value,
        presencePenalty,
        frequencyPenalty,
        penaltyWindow,
        seed);
  }

  public SamplerSettings withPresencePenalty(float value) {
    return new SamplerSettings(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        value,
        frequencyPenalty,
        penaltyWindow,
        seed);
  }

  public SamplerSettings withFrequencyPenalty(float value) {
    return new SamplerSettings(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        presencePenalty,
        value,
        penaltyWindow,
        seed);
  }

  public SamplerSettings withPenaltyWindow(int value) {
    return new SamplerSettings(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        value,
        seed);
  }

  public SamplerSettings withSeed(long value) {
    return new SamplerSettings(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        penaltyWindow,
        value);
  }

  private static void check(boolean ok, String name, Number value, String allowed) {
    if (!ok) {
      throw new IllegalArgumentException(name + " is " + value + "; allowed is " + allowed);
    }
  }
}
