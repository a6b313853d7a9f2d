package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.chat.Message;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.ArrayList;
import java.util.List;

/**
 * A dialogue made ready for a model's answer.
 *
 * @param prompt the conversation, ready for the model
 * @param begun ids of the answer that have been written
 * @param system the system message, null for the usual one
 * @param sources passages that the dialogue's last search found
 * @param notes what was left out to make it fit, and what the model cannot read
 */
record DialoguePrompt(
    PreparedPrompt prompt,
    int[] begun,
    String system,
    List<PassageView> sources,
    List<String> notes) {

  /** Tokens that a message has besides its text: role, start and end. */
  private static final int MESSAGE_TOKENS = 5;

  /**
   * What a prompt is made of.
   *
   * @param system the system message, null for the usual one
   * @param conversation the dialogue; its oldest turns are taken out if it is too long
   * @param thinking whether the model thinks first
   * @param begun ids of the answer that have been written
   */
  record Parts(String system, Conversation conversation, ThinkingMode thinking, int[] begun) {}

  /**
   * Puts the prompt together, leaving out the oldest turns until an answer has room as well.
   *
   * @param answerTokens room wanted for the answer; a quarter of the model's context will do
   * @throws ToolException if the last turn alone is too long
   */
  static DialoguePrompt of(ChatModel model, Parts parts, int answerTokens) throws ToolException {
    Conversation conversation = parts.conversation();
    int context = model.contextTokens();
    int room = context - Math.min(answerTokens, context / 4);
    dropAtLeast(model, conversation, room - parts.begun().length);
    PreparedPrompt prompt = prepare(model, parts);
    while (prompt.tokens() + parts.begun().length > room && conversation.dropOldest()) {
      prompt = prepare(model, parts);
    }
    if (prompt.tokens() + parts.begun().length >= context) {
      throw model.tooLong(prompt.tokens() + parts.begun().length);
    }
    return new DialoguePrompt(
        prompt, parts.begun(), parts.system(), conversation.sources(), notes(model, conversation));
  }

  /** Drops turns whose loss is certain, counting each message once: dialogues may be long. */
  private static void dropAtLeast(ChatModel model, Conversation conversation, int room) {
    List<List<Message>> turns = conversation.turns();
    if (turns.size() == 1 || characters(turns) < room) {
      return; // nothing can be dropped, or seldom anything has to be
    }
    long tokens = 0;
    List<Integer> sizes = new ArrayList<>();
    for (List<Message> turn : turns) {
      int size = 0;
      for (Message message : turn) {
        size += model.countTokens(message.content()) + MESSAGE_TOKENS;
      }
      sizes.add(size);
      tokens += size;
    }
    for (int i = 0; i < sizes.size() - 1 && tokens > room; i++) {
      tokens -= sizes.get(i);
      conversation.dropOldest();
    }
  }

  /** Mostly more than its tokens: what is short by this may be too long, but seldom is. */
  private static long characters(List<List<Message>> turns) {
    return turns.stream()
        .flatMap(List::stream)
        .mapToLong(message -> message.content().length() + MESSAGE_TOKENS)
        .sum();
  }

  private static PreparedPrompt prepare(ChatModel model, Parts parts) {
    List<Message> messages = new ArrayList<>();
    messages.add(parts.system() == null ? model.system() : Message.system(parts.system()));
    parts.conversation().turns().forEach(messages::addAll);
    return model.prepare(messages, parts.thinking());
  }

  private static List<String> notes(ChatModel model, Conversation conversation) {
    List<String> notes = new ArrayList<>(model.languageNotes(conversation.question()));
    if (conversation.dropped() > 0) {
      notes.add(
          "the context of the model %s holds %,d tokens: the %d oldest turns of the dialogue were left out"
              .formatted(model.name(), model.contextTokens(), conversation.dropped()));
    }
    if (conversation.leavesTextsOut()) {
      notes.add(
          "the model %s does not read documents and passages: it answered from the dialogue alone; rely on the sources, not on its details"
              .formatted(model.name()));
    }
    return List.copyOf(notes);
  }
}
