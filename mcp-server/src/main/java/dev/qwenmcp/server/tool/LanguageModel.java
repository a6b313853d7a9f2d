package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.ContextOverflowException;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.FinishReason;
import dev.qwenmcp.engine.GenerationRequest;
import dev.qwenmcp.engine.GenerationResult;
import dev.qwenmcp.engine.Scores;
import dev.qwenmcp.engine.Session;
import dev.qwenmcp.engine.TokenListener;
import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.engine.chat.ChatPrompt;
import dev.qwenmcp.engine.chat.ChatTemplate;
import dev.qwenmcp.engine.chat.Message;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.kv.KvMemoryException;
import dev.qwenmcp.server.context.ModelIdentity;
import dev.qwenmcp.server.model.ModelHost.ModelInfo;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.text.DetectedLanguage;
import dev.qwenmcp.server.text.LanguageDetector;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** A chat model as one call uses it: its failures are those of tools, and the call can stop it. */
final class LanguageModel {
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

  String name() {
    return info.name();
  }

  /** The model as entries of contexts name it. */
  ModelIdentity identity() {
    return new ModelIdentity(info.name(), info.fingerprint());
  }

  Engine engine() {
    return loaded.engine();
  }

  PromptProfile profile() {
    return loaded.profile();
  }

  /**
   * What to know about the model's answer to a text, if its script says that it is in a language
   * that the model was not made for.
   */
  List<String> languageNotes(String text) {
    Optional<DetectedLanguage> language = LanguageDetector.byScript(text);
    if (info.languages().isEmpty()
        || language.isEmpty()
        || info.languages().contains(language.get().code())) {
      return List.of();
    }
    return List.of(
        "the text is in %s; the model %s was made for %s: do not rely on this, or choose another model"
            .formatted(
                inEnglish(language.get().code()),
                name(),
                String.join(
                    ", ", info.languages().stream().map(LanguageModel::inEnglish).toList())));
  }

  private static String inEnglish(String code) {
    return Locale.of(code).getDisplayLanguage(Locale.ENGLISH);
  }

  /** The mode asked for if the model has it, or its only one. */
  ThinkingMode thinking(boolean wanted) throws ToolException {
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

  /**
   * Holds one generation to a grammar.
   *
   * @param key tells grammars apart, such as the schema that it was compiled from
   */
  TokenConstraint constraint(String key, Grammar grammar) {
    return loaded.grammar(key, grammar).constraint(template.stopTokens());
  }

  /** The system message that all tools use, so that their prompts begin alike. */
  Message system() {
    return Message.system(PromptLibrary.get(profile(), "system").text());
  }

  boolean startsInReasoning(ThinkingMode thinking) {
    return template.opensReasoning(thinking);
  }

  /**
   * Generates after a prompt.
   *
   * @throws InterruptedException if the call was cancelled
   */
  GenerationResult generate(GenerationRequest request, boolean startsInReasoning)
      throws ToolException, InterruptedException {
    TokenListener listener =
        progress.listener(request.prompt().length, request.maxTokens(), startsInReasoning);
    GenerationResult result =
        run(
            request.prompt(),
            (session, rest) ->
                session.generate(withPrompt(request, rest), listener, call.cancellation()));
    if (result.finishReason() == FinishReason.CANCELLED) {
      throw new InterruptedException("the call was cancelled");
    }
    return result;
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

  /**
   * What a scoring found.
   *
   * @param logProbabilities of each continuation
   * @param usage what it cost
   */
  record Scored(double[] logProbabilities, Usage usage) {}

  /**
   * Log-probabilities of continuations of a prompt.
   *
   * @throws ToolException if the time ended before
   * @throws InterruptedException if the call was cancelled
   */
  Scored score(int[] prompt, List<int[]> continuations, Deadline deadline)
      throws ToolException, InterruptedException {
    try (TimedCancellation timed = new TimedCancellation(call.cancellation(), deadline)) {
      try {
        return run(
            prompt,
            (session, rest) -> {
              Scores scores = session.score(rest, continuations, timed.work());
              return new Scored(scores.logProbabilities(), scores.usage());
            });
      } catch (CancellationException e) {
        throw timed.reason();
      }
    }
  }

  /** Something to do with a session that lacks the rest of a prompt. */
  @FunctionalInterface
  private interface Work<T> {
    T run(Session session, int[] rest);
  }

  private <T> T run(int[] prompt, Work<T> work) throws ToolException {
    try {
      try {
        return runOnce(prompt, work);
      } catch (KvMemoryException e) {
        loaded.sessions().clear();
        return runOnce(prompt, work);
      }
    } catch (ContextOverflowException e) {
      throw tooLong(e.tokens());
    } catch (KvMemoryException e) {
      throw new ToolException("out_of_memory", e.getMessage());
    }
  }

  private <T> T runOnce(int[] prompt, Work<T> work) {
    KeptSessions.Begun begun = loaded.sessions().begin(call.principal(), prompt);
    boolean keep = false;
    try {
      T result = work.run(begun.session(), begun.rest());
      keep = true;
      return result;
    } catch (CancellationException e) {
      keep = true; // what was read of the prompt serves the next try
      throw e;
    } finally {
      if (keep) {
        loaded.sessions().keep(call.principal(), begun.session());
      } else {
        begun.session().close();
      }
    }
  }

  /** Says by how much a prompt is too long. */
  ToolException tooLong(int tokens) {
    return new ToolException(
        "text_too_long",
        "the prompt has %,d tokens, the model %s holds %,d; shorten the text, summarise it first, or choose a model with a longer context"
            .formatted(tokens, name(), engine().contextTokens()));
  }
}
