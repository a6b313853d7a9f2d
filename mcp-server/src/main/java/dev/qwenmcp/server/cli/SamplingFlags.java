package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.engine.sample.SamplerSettings;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Option;

/** How tokens are drawn; what is left out is what the model's makers recommend. */
final class SamplingFlags {
  @Option(
      names = {"-t", "--temperature"},
      paramLabel = "X",
      description = "0 for always the likeliest token.")
  private Float temperature;

  @Option(names = "--top-k", paramLabel = "N", description = "Keep the N likeliest, 0 for all.")
  private Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Keep the likeliest that together have probability P, 1 for all.")
  private Float topP;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description = "Keep those with at least P times the best one's probability, 0 for all.")
  private Float minP;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "X",
      description = "Divides the logits of seen tokens, 1 for none.")
  private Float repetitionPenalty;

  @Option(
      names = "--presence-penalty",
      paramLabel = "X",
      description = "Taken once from the logits of seen tokens.")
  private Float presencePenalty;

  @Option(
      names = "--frequency-penalty",
      paramLabel = "X",
      description = "Taken from the logits of seen tokens for each occurrence.")
  private Float frequencyPenalty;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The same seed gives the same text (default: another one each time).")
  private Long seed;

  SamplerSettings settings(Engine engine, ThinkingMode thinking) {
    long chosen = seed == null ? RandomGenerator.getDefault().nextLong() : seed;
    SamplerSettings s = engine.recommendedSampling(thinking, chosen);
    return new SamplerSettings(
        or(temperature, s.temperature()),
        topK == null ? s.topK() : topK,
        or(topP, s.topP()),
        or(minP, s.minP()),
        or(repetitionPenalty, s.repetitionPenalty()),
        or(presencePenalty, s.presencePenalty()),
        or(frequencyPenalty, s.frequencyPenalty()),
        s.penaltyWindow(),
        chosen);
  }

  private static float or(Float given, float recommended) {
    return given == null ? recommended : given;
  }
}
