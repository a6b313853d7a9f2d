package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.FinishReason;
import dev.qwenmcp.engine.GenerationRequest;
import dev.qwenmcp.engine.GenerationResult;
import dev.qwenmcp.engine.chat.AssistantReply;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.sample.SamplerSettings;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.protocol.ToolException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Writes one answer of {@link Generate}, from the beginning or where one was cut off. */
final class AnswerWriter {
  private static final int MAX_TOKENS = 512;
  private static final int TIME_BUDGET_SECONDS = 45;

  private final LanguageModel model;
  private final Generate.Arguments arguments;
  private final long seed;

  AnswerWriter(LanguageModel model, Generate.Arguments arguments, RandomGenerator seeds) {
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
    GenerationResult result = generate(prompt, held(arguments.constraint(), thinking, new int[0]));
    AssistantReply reply = reply(result.text(), thinking);
    return answer(prompt, result, reply, new Part(reply.content(), arguments.constraint(), false));
  }

  /** Goes on with an answer. */
  Answer resume(UnfinishedAnswer unfinished) throws ToolException, InterruptedException {
    Conversation conversation = Conversation.of(model.profile(), unfinished.before());
    AnswerRecord last = unfinished.last();
    ThinkingMode thinking = last.thinking() ? ThinkingMode.ON : ThinkingMode.OFF;
    DialoguePrompt prompt =
        prompt(
            new DialoguePrompt.Parts(last.system(), conversation, thinking, unfinished.tokens()));
    GenerationResult result =
        generate(prompt, held(last.constraint(), thinking, unfinished.tokens()));
    String before = reply(unfinished.raw(), thinking).content();
    AssistantReply whole = reply(unfinished.raw() + result.text(), thinking);
    String rest = whole.content().substring(Math.min(before.length(), whole.content().length()));
    return answer(prompt, result, whole, new Part(rest, last.constraint(), true));
  }

  /**
   * What is new of an answer.
   *
   * @param text visible
   * @param constraint the form that the answer is held to, null for none
   * @param resumed whether it goes on with one that was cut off
   */
  private record Part(String text, AnswerForm constraint, boolean resumed) {}

  /**
   * What holds the answer to a form from where it stands; null for none.
   *
   * @param begun ids of the answer that have been written
   */
  private TokenConstraint held(AnswerForm form, ThinkingMode thinking, int[] begun)
      throws ToolException {
    if (form == null) {
      return null;
    }
    TokenConstraint constraint = model.answerConstraint(form.key(), form.compile(), thinking);
    for (int token : begun) {
      constraint.accept(token);
    }
    return constraint;
  }

  private DialoguePrompt prompt(DialoguePrompt.Parts parts) throws ToolException {
    return DialoguePrompt.of(model, parts, maxTokens());
  }

  private AssistantReply reply(String raw, ThinkingMode thinking) {
    return AssistantReply.parse(raw, model.startsInReasoning(thinking));
  }

  private GenerationResult generate(DialoguePrompt prompt, TokenConstraint constraint)
      throws ToolException, InterruptedException {
    Integer seconds = arguments.timeBudgetSeconds();
    GenerationRequest request =
        new GenerationRequest(
            prompt.tokens(),
            sampling(prompt.thinking()),
            maxTokens(),
            Duration.ofSeconds(seconds == null ? TIME_BUDGET_SECONDS : seconds),
            stops(),
            constraint);
    return model.generate(request, model.startsInReasoning(prompt.thinking()));
  }

  private Answer answer(
      DialoguePrompt prompt, GenerationResult result, AssistantReply reply, Part part) {
    List<String> notes = new ArrayList<>(prompt.notes());
    if (result.tokens().isEmpty() && result.finishReason() == FinishReason.TIME) {
      notes.add(
          "the time budget ended while the model was still reading the prompt of %,d tokens; raise time_budget_seconds"
              .formatted(result.usage().promptTokens()));
    }
    if (part.constraint != null && Finish.cut(result.finishReason())) {
      notes.add(
          reply.content().isEmpty() && prompt.thinking() == ThinkingMode.ON
              ? "the model was still thinking when it was cut off: nothing of the answer in the constraint's form is there yet; resume, raise max_tokens, or leave out thinking"
              : "the answer was cut off before it was complete in the constraint's form; resume, or raise max_tokens");
    }
    AnswerRecord record =
        new AnswerRecord(
            Finish.name(result.finishReason()),
            part.resumed,
            prompt.thinking() == ThinkingMode.ON,
            prompt.system(),
            part.constraint,
            reply.reasoning().isEmpty() ? null : reply.reasoning(),
            result.text(),
            seed,
            PromptLibrary.VERSION + "/" + model.profile().name());
    return new Answer(
        part.text,
        result.tokens(),
        result.finishReason(),
        result.usage(),
        part.constraint == null ? null : result.forcedTokens(),
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
    SamplerSettings s = model.engine().recommendedSampling(thinking, seed);
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
