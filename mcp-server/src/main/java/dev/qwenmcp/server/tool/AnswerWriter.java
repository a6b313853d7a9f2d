package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.FinishReason;
import dev.qwenmcp.engine.chat.AssistantReply;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.engine.sample.SamplerSettings;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.protocol.ToolException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Writes one answer of {@link Generate}, from the beginning or where one was cut off. */
final class AnswerWriter {
  private static final int MAX_TOKENS = 512;
  private static final int TIME_BUDGET_SECONDS = 45;

  private final ChatModel model;
  private final Generate.Arguments arguments;
  private final long seed;

  AnswerWriter(ChatModel model, Generate.Arguments arguments, RandomGenerator seeds) {
    this.model = model;
    this.arguments = arguments;
    this.seed = arguments.seed() != null ? arguments.seed() : seeds.nextInt(Integer.MAX_VALUE);
  }

  /**
   * Answers the question at the end of a dialogue.
   *
   * @param entries the dialogue
   * @param question asked after it, null if it ends with one
   */
  Answer answer(List<Entry> entries, String question) throws ToolException, InterruptedException {
    Conversation conversation = Conversation.of(model.profile(), entries);
    if (question != null) {
      conversation.ask(question);
    }
    ThinkingMode thinking = model.thinking(Boolean.TRUE.equals(arguments.thinking()));
    DialoguePrompt prompt =
        prompt(new DialoguePrompt.Parts(arguments.system(), conversation, thinking, new int[0]));
    ChatReply reply = generate(prompt);
    return answer(prompt, reply, reply.reasoning(), reply.content(), false);
  }

  /**
   * Goes on with an answer.
   *
   * @throws ToolException if the model runs elsewhere, where its tokens are not known
   */
  Answer resume(UnfinishedAnswer unfinished) throws ToolException, InterruptedException {
    if (!(model instanceof LanguageModel local)) {
      throw new ToolException(
          "resume_not_supported",
          "the model %s runs on another machine, which cannot go on in the middle of an answer: ask for the rest with a prompt, or ask again with more max_tokens"
              .formatted(model.name()));
    }
    Conversation conversation = Conversation.of(model.profile(), unfinished.before());
    AnswerRecord last = unfinished.last();
    ThinkingMode thinking = last.thinking() ? ThinkingMode.ON : ThinkingMode.OFF;
    DialoguePrompt prompt =
        prompt(
            new DialoguePrompt.Parts(last.system(), conversation, thinking, unfinished.tokens()));
    ChatReply reply = generate(prompt);
    boolean inReasoning = local.startsInReasoning(thinking);
    String before = AssistantReply.parse(unfinished.raw(), inReasoning).content();
    AssistantReply whole = AssistantReply.parse(unfinished.raw() + reply.raw(), inReasoning);
    String rest = whole.content().substring(Math.min(before.length(), whole.content().length()));
    return answer(prompt, reply, whole.reasoning(), rest, true);
  }

  private DialoguePrompt prompt(DialoguePrompt.Parts parts) throws ToolException {
    return DialoguePrompt.of(model, parts, maxTokens());
  }

  private ChatReply generate(DialoguePrompt prompt) throws ToolException, InterruptedException {
    Integer seconds = arguments.timeBudgetSeconds();
    return model.chat(
        new ChatRequest(
            prompt.prompt(),
            prompt.begun(),
            sampling(prompt.prompt().thinking()),
            maxTokens(),
            Duration.ofSeconds(seconds == null ? TIME_BUDGET_SECONDS : seconds),
            stops(),
            Optional.empty()));
  }

  private Answer answer(
      DialoguePrompt prompt, ChatReply reply, String reasoning, String text, boolean resumed) {
    List<String> notes = new ArrayList<>(prompt.notes());
    if (reply.raw().isEmpty() && reply.finishReason() == FinishReason.TIME) {
      notes.add(
          "the time budget ended while the model was still reading the prompt of %,d tokens; raise time_budget_seconds"
              .formatted(prompt.prompt().tokens()));
    }
    if (model instanceof RemoteLanguageModel remote) {
      notes.addAll(remote.notTaken(arguments));
      if (Finish.cut(reply.finishReason()) && !reply.raw().isEmpty()) {
        notes.add(
            "the answer was cut off, and the model %s runs elsewhere, where resume does not work: ask for the rest, or again with more max_tokens"
                .formatted(model.name()));
      }
    }
    AnswerRecord record =
        new AnswerRecord(
            Finish.name(reply.finishReason()),
            resumed,
            prompt.prompt().thinking() == ThinkingMode.ON,
            prompt.system(),
            reasoning.isEmpty() ? null : reasoning,
            reply.raw(),
            seed,
            PromptLibrary.VERSION + "/" + model.profile().name());
    return new Answer(
        text,
        reply.tokens(),
        reply.finishReason(),
        reply.usage(),
        model.identity(),
        prompt.sources(),
        record,
        List.copyOf(notes));
  }

  private int maxTokens() {
    return arguments.maxTokens() == null ? MAX_TOKENS : arguments.maxTokens();
  }

  private List<String> stops() throws ToolException {
    List<String> stops = arguments.stop() == null ? List.of() : arguments.stop();
    if (stops.stream().anyMatch(String::isEmpty)) {
      throw new ToolException("invalid_stop", "a stop text is empty; leave it out");
    }
    return stops;
  }

  private SamplerSettings sampling(ThinkingMode thinking) {
    SamplerSettings s = model.recommendedSampling(thinking, seed);
    return new SamplerSettings(
        or(arguments.temperature(), s.temperature()),
        arguments.topK() == null ? s.topK() : arguments.topK(),
        or(arguments.topP(), s.topP()),
        or(arguments.minP(), s.minP()),
        or(arguments.repetitionPenalty(), s.repetitionPenalty()),
        or(arguments.presencePenalty(), s.presencePenalty()),
        or(arguments.frequencyPenalty(), s.frequencyPenalty()),
        s.penaltyWindow(),
        seed);
  }

  private static float or(Double given, float otherwise) {
    return given == null ? otherwise : given.floatValue();
  }
}
