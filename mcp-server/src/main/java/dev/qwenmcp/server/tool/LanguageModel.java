package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.ContextOverflowException;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.FinishReason;
import dev.qwenmcp.engine.GenerationRequest;
import dev.qwenmcp.engine.GenerationResult;
import dev.qwenmcp.engine.Scores;
import dev.qwenmcp.engine.Session;
import dev.qwenmcp.engine.SessionOptions;
import dev.qwenmcp.engine.TokenListener;
import dev.qwenmcp.engine.batch.BusyException;
import dev.qwenmcp.engine.batch.Priority;
import dev.qwenmcp.engine.chat.AssistantReply;
import dev.qwenmcp.engine.chat.ChatPrompt;
import dev.qwenmcp.engine.chat.ChatTemplate;
import dev.qwenmcp.engine.chat.Message;
import dev.qwenmcp.engine.chat.ReplyFormat;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.kv.CacheScope;
import dev.qwenmcp.engine.kv.KvMemoryException;
import dev.qwenmcp.engine.sample.SamplerSettings;
import dev.qwenmcp.server.model.ModelInfo;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.protocol.WorkListener;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A chat model that runs here, loaded until the call ends. */
final class LanguageModel implements ChatModel {
  /** The principal of clients that start the server themselves. */
  private static final String LOCAL = "local";

  private final ModelInfo info;
  private final LoadedModel loaded;
  private final ChatTemplate template;
  private final ToolContext call;
  private final CallProgress progress;

  LanguageModel(
      ModelInfo info,
      LoadedModel loaded,
      ChatTemplate template,
      ToolContext call,
      CallProgress progress) {
    this.info = info;
    this.loaded = loaded;
    this.template = template;
    this.call = call;
    this.progress = progress;
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  Engine engine() {
    return loaded.engine();
  }

  @Override
  public PromptProfile profile() {
    return loaded.profile();
  }

  @Override
  public int contextTokens() {
    return engine().contextTokens();
  }

  @Override
  public int countTokens(String text) {
    return engine().tokenizer().encode(text).length;
  }

  @Override
  public SamplerSettings recommendedSampling(ThinkingMode thinking, long seed) {
    return engine().recommendedSampling(thinking, seed);
  }

  @Override
  public ThinkingMode thinking(boolean wanted) throws ToolException {
    ThinkingMode mode = wanted ? ThinkingMode.ON : ThinkingMode.OFF;
    boolean able = template.thinkingModes().contains(mode) && (!wanted || profile().thinks());
    if (!able && wanted) {
      throw new ToolException(
          "thinking_not_supported",
          "the model %s does not think before it answers; leave out thinking or choose another model"
              .formatted(name()));
    }
    return able ? mode : ThinkingMode.ON;
  }

  /** Token ids of a conversation, ready for the model's next answer. */
  int[] encode(List<Message> messages, ThinkingMode thinking) {
    return template.encode(ChatPrompt.of(messages, thinking));
  }

  /** The prompt of one task: the model's usual system message and what is asked. */
  int[] encode(String question, ThinkingMode thinking) {
    return encode(List.of(system(), Message.user(question)), thinking);
  }

  @Override
  public PreparedPrompt prepare(List<Message> messages, ThinkingMode thinking) {
    int[] ids = encode(messages, thinking);
    return new PreparedPrompt(messages, thinking, ids, ids.length);
  }

  /**
   * Holds one generation to a grammar.
   *
   * @param key tells grammars apart, such as the schema that it was compiled from
   */
  TokenConstraint constraint(String key, Grammar grammar) {
    return loaded.grammar(key, grammar).constraint(template.stopTokens());
  }

  /** Holds one answer to a form from where it stands, after its thinking if there is any. */
  private TokenConstraint held(AnswerForm form, ThinkingMode thinking, int[] begun)
      throws ToolException {
    TokenConstraint answer = constraint(form.key(), form.compile());
    TokenConstraint held = mayThink(thinking) ? template.afterReasoning(thinking, answer) : answer;
    for (int token : begun) {
      held.accept(token);
    }
    return held;
  }

  private boolean mayThink(ThinkingMode thinking) {
    return thinking == ThinkingMode.ON && (profile().thinks() || template.opensReasoning(thinking));
  }

  /**
   * What the text of an answer may consist of, before any of it is there.
   *
   * @param held whether it is held to a form
   */
  private ReplyFormat format(boolean held, ThinkingMode thinking) {
    boolean begun = template.opensReasoning(thinking);
    if (!held) {
      return ReplyFormat.text(begun);
    }
    return ReplyFormat.held(
        begun
            ? ReplyFormat.Thinking.BEGUN
            : mayThink(thinking) ? ReplyFormat.Thinking.POSSIBLE : ReplyFormat.Thinking.NONE);
  }

  /**
   * Takes an answer apart, complete or not.
   *
   * @param text all of it so far
   * @param held whether it is held to a form
   * @param first its first token, if there is one: a form may also begin with the text of the mark
   *     that begins the thinking
   */
  AssistantReply parts(String text, boolean held, ThinkingMode thinking, OptionalInt first) {
    ReplyFormat format = format(held, thinking);
    if (held
        && format.thinking() == ReplyFormat.Thinking.POSSIBLE
        && !first.equals(engine().tokenizer().special(ReplyFormat.THINKING_MARK))) {
      format = ReplyFormat.held(ReplyFormat.Thinking.NONE);
    }
    return AssistantReply.parse(text, format);
  }

  @Override
  public ChatReply chat(ChatRequest request) throws ToolException, InterruptedException {
    ThinkingMode thinking = request.prompt().thinking();
    boolean held = request.form().isPresent();
    GenerationResult result =
        generate(
            new GenerationRequest(
                IntStream.concat(
                        IntStream.of(request.prompt().ids()), IntStream.of(request.begun()))
                    .toArray(),
                request.sampling(),
                request.maxTokens(),
                request.timeBudget(),
                request.stops(),
                held ? held(request.form().get(), thinking, request.begun()) : null),
            format(held, thinking));
    AssistantReply reply = parts(result.text(), held, thinking, first(result.tokens()));
    return new ChatReply(
        reply.content(),
        reply.reasoning(),
        result.text(),
        result.tokens(),
        result.finishReason(),
        result.usage(),
        result.forcedTokens());
  }

  private static OptionalInt first(List<Integer> tokens) {
    return tokens.isEmpty() ? OptionalInt.empty() : OptionalInt.of(tokens.getFirst());
  }

  /** Scores the whole answer of every option and normalises; nothing is generated. */
  @Override
  public Choice choose(PreparedPrompt prompt, Options options, Deadline deadline)
      throws ToolException, InterruptedException {
    List<int[]> answers = new ArrayList<>();
    for (String answer : options.answers()) {
      answers.add(engine().tokenizer().encode(answer));
    }
    Scores scored = score(prompt.ids(), answers, deadline);
    return new Choice(softmax(scored.logProbabilities()), scored.usage(), List.of());
  }

  /** Probabilities of log-probabilities: positive, in sum 1. */
  static double[] softmax(double[] logs) {
    double max = Double.NEGATIVE_INFINITY;
    for (double log : logs) {
      max = Math.max(max, log);
    }
    double sum = 0;
    double[] result = new double[logs.length];
    for (int i = 0; i < logs.length; i++) {
      result[i] = Math.exp(logs[i] - max);
      sum += result[i];
    }
    for (int i = 0; i < logs.length; i++) {
      result[i] /= sum;
    }
    return result;
  }

  /**
   * Generates after a prompt.
   *
   * @param format of the text, as far as it is shown while it comes
   * @throws InterruptedException if the call was cancelled
   */
  GenerationResult generate(GenerationRequest request, ReplyFormat format)
      throws ToolException, InterruptedException {
    WorkListener.Work work = call.work().begins(name(), engine().experts());
    TokenListener listener =
        new HeardWork(
            work, progress.listener(request.prompt().length, request.maxTokens(), format));
    GenerationResult result =
        run(work, session -> session.generate(request, listener, call.cancellation()));
    call.used(result.usage());
    if (result.finishReason() == FinishReason.CANCELLED) {
      throw new InterruptedException("the call was cancelled");
    }
    return result;
  }

  /**
   * Log-probabilities of continuations of a prompt.
   *
   * @throws ToolException if the time ended before
   * @throws InterruptedException if the call was cancelled
   */
  Scores score(int[] prompt, List<int[]> continuations, Deadline deadline)
      throws ToolException, InterruptedException {
    try (TimedCancellation timed = new TimedCancellation(call.cancellation(), deadline)) {
      try {
        WorkListener.Work work = call.work().begins(name(), engine().experts());
        Scores scores = run(work, session -> session.score(prompt, continuations, timed.work()));
        call.used(scores.usage());
        return scores;
      } catch (CancellationException e) {
        throw timed.reason();
      }
    }
  }

  /** Works with an empty session of the call's principal, whose calls share what they computed. */
  private <T> T run(WorkListener.Work heard, Function<Session, T> work) throws ToolException {
    try (Session session = engine().newSession(options().withExperts(heard.experts()))) {
      return work.apply(session);
    } catch (ContextOverflowException e) {
      throw tooLong(e.tokens());
    } catch (BusyException e) {
      throw new ToolException("busy", "the model %s is busy: %s".formatted(name(), e.getMessage()));
    } catch (KvMemoryException e) {
      throw new ToolException("out_of_memory", e.getMessage());
    }
  }

  private SessionOptions options() {
    String principal = call.principal();
    CacheScope scope = principal.equals(LOCAL) ? CacheScope.LOCAL : new CacheScope(principal);
    Priority priority = call.inBackground() ? Priority.JOB : Priority.INTERACTIVE;
    return SessionOptions.LOCAL.withScope(scope).withCaller(principal).withPriority(priority);
  }
}
