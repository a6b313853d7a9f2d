package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.FinishReason;
import dev.qwenmcp.engine.Usage;
import java.util.List;

/**
 * What a model wrote.
 *
 * @param content the visible text
 * @param reasoning what it thought before, empty if nothing
 * @param raw all that it wrote, thinking and tags included
 * @param tokens ids that it drew; none where it runs elsewhere
 * @param finishReason why it ended
 * @param usage what it cost
 * @param forcedTokens of the tokens, those that a form left no choice about
 */
record ChatReply(
    String content,
    String reasoning,
    String raw,
    List<Integer> tokens,
    FinishReason finishReason,
    Usage usage,
    int forcedTokens) {
  ChatReply {
    tokens = List.copyOf(tokens);
  }
}
