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
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Writes one answer of {@link Generate}, from the beginning or where one was cut off. */
final class AnswerWriter {
  private static final int MAX_TOKENS = 512;

  private final ChatModel model;
  private final Generate.Arguments arguments;
  private final Duration budget;
  private final long seed;

  AnswerWriter(
      ChatModel model, Generate.Arguments arguments, Duration budget, RandomGenerator seeds) {
    this.model = model;
    this.budget = budget;
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
    ChatReply reply = generate(prompt, arguments.constraint());
    return answer(
        prompt, reply, new Part(reply.reasoning(), reply.content(), arguments.constraint(), false));
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
    ChatReply reply = generate(prompt, last.constraint());
    boolean held = last.constraint() != null;
    OptionalInt first =
        IntStream.concat(
                IntStream.of(unfinished.tokens()),
                reply.tokens().stream().mapToInt(Integer::intValue))
            .findFirst();
    String before = local.parts(unfinished.raw(), held, thinking, first).content();
    AssistantReply whole = local.parts(unfinished.raw() + reply.raw(), held, thinking, first);
    String rest = whole.content().substring(Math.min(before.length(), whole.content().length()));
    return answer(prompt, reply, new Part(whole.reasoning(), rest, last.constraint(), true));
  }

  /**
   * What is new of an answer.
   *
   * @param reasoning all that was thought
   * @param text visible
   * @param constraint the form that the answer is held to, null for none
   * @param resumed whether it goes on with one that was cut off
   */
  private record Part(String reasoning, String text, AnswerForm constraint, boolean resumed) {}

  private DialoguePrompt prompt(DialoguePrompt.Parts parts) throws ToolException {
    return DialoguePrompt.of(model, parts, maxTokens());
  }

  /**
   * @param form the form that the answer is held to, null for none
   */
  private ChatReply generate(DialoguePrompt prompt, AnswerForm form)
      throws ToolException, InterruptedException {
    if (form != null) {
      form.compile(); // wherever the model runs: what is wrong with it is said the same way
    }
    return model.chat(
        new ChatRequest(
            prompt.prompt(),
            prompt.begun(),
            sampling(prompt.prompt().thinking()),
            maxTokens(),
            budget,
            stops(),
            Optional.ofNullable(form)));
  }

  private Answer answer(DialoguePrompt prompt, ChatReply reply, Part part) {
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
    if (part.constraint != null
        && model instanceof LanguageModel
        && Finish.cut(reply.finishReason())) {
      notes.add(
          part.text.isEmpty() && !part.reasoning.isEmpty()
              ? "the model was still thinking when it was cut off: nothing of the answer in the constraint's form is there yet; resume, raise max_tokens, or leave out thinking"
              : "the answer was cut off before it was complete in the constraint's form; resume, or raise max_tokens");
    }
    AnswerRecord record =
        new AnswerRecord(
            Finish.name(reply.finishReason()),
            part.resumed,
            prompt.prompt().thinking() == ThinkingMode.ON,
            prompt.system(),
            part.constraint,
            part.reasoning.isEmpty() ? null : part.reasoning,
            reply.raw(),
            seed,
            PromptLibrary.VERSION + "/" + model.profile().name());
    return new Answer(
        part.text,
        reply.tokens(),
        reply.finishReason(),
        reply.usage(),
        part.constraint == null ? null : reply.forcedTokens(),
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
