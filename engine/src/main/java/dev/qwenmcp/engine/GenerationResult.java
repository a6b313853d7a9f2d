package dev.qwenmcp.engine;

import java.util.List;

/**
 * What was generated.
 *
 * @param text decoded text without stop string and control tokens; thinking included
 * @param tokens the drawn ids, the stop token included if one was drawn, and forced ones among them
 * @param finishReason why it ended
 * @param usage what it cost
 * @param guesses how well the next tokens were guessed
 * @param forcedTokens of the tokens, those that the constraint left no choice about and that no
 *     step of the model was needed for
 */
public record GenerationResult(
    String text,
    List<Integer> tokens,
    FinishReason finishReason,
    Usage usage,
    Guesses guesses,
    int forcedTokens) {
  /**
   * Tokens verified several a pass.
   *
   * @param made tokens guessed
   * @param right of these, confirmed by the model
   */
  public record Guesses(int made, int right) {}

  public GenerationResult {
    tokens = List.copyOf(tokens);
  }
}
