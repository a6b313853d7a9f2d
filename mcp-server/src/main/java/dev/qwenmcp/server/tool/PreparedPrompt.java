package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.chat.Message;
import dev.qwenmcp.engine.chat.ThinkingMode;
import java.util.List;

/**
 * A conversation made ready for one model.
 *
 * @param messages the conversation
 * @param thinking whether the model thinks first
 * @param ids its token ids where the model runs here, else none
 * @param tokens how many tokens it has; for a model that runs elsewhere more rather than less
 */
record PreparedPrompt(List<Message> messages, ThinkingMode thinking, int[] ids, int tokens) {
  PreparedPrompt {
    messages = List.copyOf(messages);
  }
}
