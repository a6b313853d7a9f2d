package dev.qwenmcp.engine;

import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.sample.SamplerSettings;
import java.time.Duration;
import java.util.List;

/**
 * What to generate after a session's tokens.
 *
 * @param prompt token ids appended first, possibly none if the session has tokens
 * @param sampling how tokens are drawn
 * @param maxTokens upper bound of drawn tokens
 * @param timeBudget bound of the whole call; generation ends with the step that passes it
 * @param stopStrings texts that end the generation and are cut from it
 * @param constraint restricts the text; null for none
 */
public record GenerationRequest(
    int[] prompt,
    SamplerSettings sampling,
    int maxTokens,
    Duration timeBudget,
    List<String> stopStrings,
    TokenConstraint constraint) {
  public GenerationRequest {
    stopStrings = List.copyOf(stopStrings);
    if (maxTokens < 0 || timeBudget.isNegative()) {
      throw new IllegalArgumentException(
          "maxTokens and timeBudget must not be negative: " + maxTokens + ", " + timeBudget);
    }
  }

  /** The same under a constraint, or without one where it is null. */
  public GenerationRequest withConstraint(TokenConstraint other) {
    return new GenerationRequest(prompt, sampling, maxTokens, timeBudget, stopStrings, other);
  }
}
