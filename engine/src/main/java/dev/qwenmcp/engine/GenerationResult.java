package dev.qwenmcp.engine;

import java.util.List;

/**
 * What was generated.
 *
 * @param text decoded text without stop string and control tokens; thinking included
 * @param tokens the drawn ids, the stop token included if one was drawn
 * @param finishReason why it ended
 * @param usage what it cost
 */
public record GenerationResult(
    String text, List<Integer> tokens, FinishReason finishReason, Usage usage) {
  public GenerationResult {
    tokens = List.copyOf(tokens);
  }
}
