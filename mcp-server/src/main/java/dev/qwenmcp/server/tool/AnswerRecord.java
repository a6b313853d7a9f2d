package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.context.Entry;

/**
 * What a context keeps of an answer besides its text, enough to go on with it.
 *
 * @param finishReason why it ended
 * @param resumed whether it goes on with the answer before
 * @param thinking whether the model was to think first
 * @param system the system message, null for the usual one
 * @param constraint the form that it is held to, null for none
 * @param reasoning what the model thought, null if nothing
 * @param raw all that the model wrote, thinking and tags included
 * @param seed of the random numbers
 * @param prompts version and profile of the prompts
 */
record AnswerRecord(
    String finishReason,
    boolean resumed,
    boolean thinking,
    String system,
    AnswerForm constraint,
    String reasoning,
    String raw,
    long seed,
    String prompts) {

  static AnswerRecord of(Entry entry) {
    return StructuredContent.read(entry.structuredJson(), AnswerRecord.class);
  }

  boolean cut() {
    return finishReason.equals("length") || finishReason.equals("time");
  }
}
