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
import dev.qwenmcp.engine.chat.ChatPrompt;
import dev.qwenmcp.engine.chat.ChatTemplate;
import dev.qwenmcp.engine.chat.Message;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.kv.CacheScope;
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
import java.util.function.Function;

/** A chat model as one call uses it: its failures are those of tools, and the call can stop it. */
final class LanguageModel {
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

  /** What {@link #keepPrior} was given under a key; empty if nothing, or no longer. */
  double[] prior(String key) {
    return loaded.prior(key);
  }

  /** Keeps log-probabilities of answers to a question about a text without content. */
  void keepPrior(String key, double[] prior) {
    loaded.keepPrior(key, prior);
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
        run(session -> session.generate(request, listener, call.cancellation()));
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
        return run(session -> session.score(prompt, continuations, timed.work()));
      } catch (CancellationException e) {
        throw timed.reason();
      }
    }
  }

  /** Works with an empty session of the call's principal, whose calls share what they computed. */
  private <T> T run(Function<Session, T> work) throws ToolException {
    try (Session session = engine().newSession(options())) {
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
    return SessionOptions.LOCAL.withScope(scope).withCaller(principal);
  }

  /** Says by how much a prompt is too long. */
  ToolException tooLong(int tokens) {
    return new ToolException(
        "text_too_long",
        "the prompt has %,d tokens, the model %s holds %,d; shorten the text, summarise it first, or choose a model with a longer context"
            .formatted(tokens, name(), engine().contextTokens()));
  }
}
