package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Engine;

/**
 * How a model wants to be asked.
 *
 * @param name folder of its prompts
 * @param labelsPerPrompt most labels to choose from at once; more are chosen from in rounds
 * @param readsTexts whether documents and passages in the prompt help it; a model that cannot use
 *     them gets the dialogue alone
 * @param priorWeight how much of an answer's log-probability without content is taken away from
 *     that with the text: 1 corrects wholly, 0 not at all
 * @param thinks whether it was trained to think before it answers
 */
record PromptProfile(
    String name, int labelsPerPrompt, boolean readsTexts, double priorWeight, boolean thinks) {

  /** Models that were trained on instructions of all kinds. */
  static final PromptProfile STANDARD = new PromptProfile("standard", 200, true, 1, true);

  /**
   * Models of a few million weights, such as the embedded one: its card says that it learnt
   * dialogues and the choice of an intent from 6 to 12, and no answering from a text.
   */
  static final PromptProfile NANO = new PromptProfile("nano", 12, false, 0, false);

  /** No model below this size has been seen to follow free instructions. */
  private static final long FEW_WEIGHTS = 100_000_000L;

  static PromptProfile of(Engine engine) {
    return engine.parameters() < FEW_WEIGHTS ? NANO : STANDARD;
  }
}
