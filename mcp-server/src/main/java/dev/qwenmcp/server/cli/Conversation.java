package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.FinishReason;
import dev.qwenmcp.engine.GenerationRequest;
import dev.qwenmcp.engine.GenerationResult;
import dev.qwenmcp.engine.Session;
import dev.qwenmcp.engine.TokenListener;
import dev.qwenmcp.engine.chat.AssistantReply;
import dev.qwenmcp.engine.chat.ChatPrompt;
import dev.qwenmcp.engine.chat.ChatTemplate;
import dev.qwenmcp.engine.chat.ChatTemplateException;
import dev.qwenmcp.engine.chat.Message;
import dev.qwenmcp.engine.chat.ReplyFormat;
import dev.qwenmcp.engine.chat.ReplyListener;
import dev.qwenmcp.engine.chat.ReplyStream;
import dev.qwenmcp.engine.chat.Role;
import dev.qwenmcp.engine.chat.ThinkingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Turns of a user and the model over one session, in which everything that two turns share is
 * computed once.
 */
final class Conversation implements AutoCloseable {
  private final ChatTemplate template;
  private final Session session;
  private final int contextTokens;
  private final List<Message> messages = new ArrayList<>();
  private String system = "";
  private ThinkingMode thinking = ThinkingMode.OFF;

  Conversation(Engine engine) throws ChatTemplateException {
    this.template = engine.chatTemplate();
    this.session = engine.newSession();
    this.contextTokens = engine.contextTokens();
  }

  /**
   * One answer.
   *
   * @param reply what the model said, in its parts
   * @param result how it ended and what it cost
   * @param forgotten messages that no longer fitted the context and were dropped before it
   */
  record Turn(AssistantReply reply, GenerationResult result, int forgotten) {}

  /** The message that stands before all others; empty for none. */
  void system(String text) {
    system = text;
  }

  String system() {
    return system;
  }

  ThinkingMode thinking() {
    return thinking;
  }

  /**
   * Lets the model reason before it answers, or not.
   *
   * @throws CliException if the model has only the other mode
   */
  void thinking(ThinkingMode mode) throws CliException {
    if (!template.thinkingModes().contains(mode)) {
      throw new CliException(
          "this model cannot turn thinking " + (mode == ThinkingMode.ON ? "on" : "off"));
    }
    thinking = mode;
  }

  /** All messages so far, the system message not included. */
  List<Message> messages() {
    return List.copyOf(messages);
  }

  /** Forgets all messages. */
  void reset() {
    messages.clear();
  }

  /**
   * Answers a message. The oldest turns are forgotten when the context is full; a cancelled answer
   * stays in the conversation as far as it came.
   *
   * @param text what the user says
   * @param request how to generate; its prompt is ignored
   * @param listener hears the parts of the answer while they are generated
   * @throws dev.qwenmcp.engine.ContextOverflowException if the message alone does not fit
   */
  Turn say(
      String text, GenerationRequest request, ReplyListener listener, Cancellation cancellation) {
    messages.add(Message.user(text));
    int forgotten = 0;
    int[] prompt = encode();
    // An answer needs room: a quarter of the context, or what was asked for where that is less.
    int room = Math.min(request.maxTokens(), contextTokens / 4);
    while (prompt.length + room > contextTokens && messages.size() > 1) {
      forgotten += forgetOldestTurn();
      prompt = encode();
    }
    ReplyFormat format = format(request.constraint() != null);
    ReplyStream parts = new ReplyStream(listener, format);
    GenerationResult result;
    try {
      result =
          session.generate(
              withPrompt(request, keepCommonPrefix(prompt)), textTo(parts), cancellation);
    } catch (RuntimeException e) {
      messages.removeLast();
      throw e;
    }
    parts.finish();
    AssistantReply reply = AssistantReply.parse(result.text(), format);
    if (result.finishReason() == FinishReason.CANCELLED && result.tokens().isEmpty()) {
      messages.removeLast(); // cancelled before a word was said: as if it had not been asked
    } else {
      messages.add(reply.message());
    }
    return new Turn(reply, result, forgotten);
  }

  /**
   * @param held whether the answer is held to a form, after its thinking if it may think
   */
  private ReplyFormat format(boolean held) {
    boolean begun = template.opensReasoning(thinking);
    if (!held) {
      return ReplyFormat.text(begun);
    }
    return ReplyFormat.held(
        begun
            ? ReplyFormat.Thinking.BEGUN
            : thinking == ThinkingMode.ON
                ? ReplyFormat.Thinking.POSSIBLE
                : ReplyFormat.Thinking.NONE);
  }

  private int[] encode() {
    List<Message> all = new ArrayList<>();
    if (!system.isEmpty()) {
      all.add(Message.system(system));
    }
    all.addAll(messages);
    return template.encode(ChatPrompt.of(all, thinking));
  }

  private int forgetOldestTurn() {
    int removed = 0;
    do {
      messages.removeFirst();
      removed++;
    } while (messages.size() > 1 && messages.getFirst().role() != Role.USER);
    return removed;
  }

  /** Cuts the session back to what it shares with the prompt; gives the rest of the prompt. */
  private int[] keepCommonPrefix(int[] prompt) {
    List<Integer> have = session.tokens();
    int common = 0;
    int most = Math.min(have.size(), prompt.length - 1); // at least one token must be computed
    while (common < most && have.get(common) == prompt[common]) {
      common++;
    }
    session.truncate(common);
    return Arrays.copyOfRange(prompt, common, prompt.length);
  }

  private static GenerationRequest withPrompt(GenerationRequest request, int[] prompt) {
    return new GenerationRequest(
        prompt,
        request.sampling(),
        request.maxTokens(),
        request.timeBudget(),
        request.stopStrings(),
        request.constraint());
  }

  private static TokenListener textTo(ReplyStream parts) {
    return (text, _) -> parts.push(text);
  }

  @Override
  public void close() {
    session.close();
  }
}
