package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.FinishReason;
import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.context.EntryDraft;
import dev.qwenmcp.server.context.ModelIdentity;
import java.util.List;

/**
 * What a model answered.
 *
 * @param text the visible text that is new
 * @param tokens ids that it drew
 * @param finishReason why it ended
 * @param usage what it cost
 * @param forcedTokens those that a constraint left no choice about, null without one
 * @param model the model
 * @param sources passages to check it against
 * @param record what the context keeps besides
 * @param notes what the caller should know
 */
record Answer(
    String text,
    List<Integer> tokens,
    FinishReason finishReason,
    Usage usage,
    Integer forcedTokens,
    ModelIdentity model,
    List<PassageView> sources,
    AnswerRecord record,
    List<String> notes) {

  /** Whether the model wrote anything that a context should keep. */
  boolean written() {
    return !tokens.isEmpty() || !record.raw().isEmpty();
  }

  EntryDraft entry() {
    return new EntryDraft(
        Roles.ASSISTANT, "generate", model, text, StructuredContent.write(record), tokens, usage);
  }
}
