package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.ContextOverflowException;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.FinishReason;
import dev.qwenmcp.engine.GenerationRequest;
import dev.qwenmcp.engine.GenerationResult;
import dev.qwenmcp.engine.Session;
import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.engine.chat.ChatPrompt;
import dev.qwenmcp.engine.chat.ChatTemplate;
import dev.qwenmcp.engine.chat.ChatTemplateException;
import dev.qwenmcp.engine.chat.Message;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.engine.kv.KvMemoryException;
import dev.qwenmcp.server.model.ModelException;
import dev.qwenmcp.server.model.ModelHost;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import java.util.List;
import java.util.concurrent.CancellationException;

/** A chat model as one call uses it: its failures are those of tools, and the call can stop it. */
final class LanguageModel {
  static final String ARGUMENT = "Model to use, from list_models; left out, the default";

  private final String name;
  private final Engine engine;
  private final ChatTemplate template;
  private final ToolContext call;
  private final CallProgress progress;

  private LanguageModel(
      String name, Engine engine, ChatTemplate template, ToolContext call, CallProgress progress) {
    this.name = name;
    this.engine = engine;
    this.template = template;
    this.call = call;
    this.progress = progress;
  }

  /**
   * Finds a model, waiting until it is loaded.
   *
   * @param name null for the default
   * @throws ToolException if there is none of the name, or it cannot be loaded or hold a chat
   */
  static LanguageModel of(ModelHost models, String name, ToolContext call)
      throws ToolException, InterruptedException {
    List<String> names = models.models().stream().map(ModelHost.ModelInfo::name).toList();
    if (name != null && !names.contains(name)) {
      throw new ToolException(
          "unknown_model",
          "there is no model \"%s\"; there are: %s".formatted(name, String.join(", ", names)));
    }
    CallProgress progress = new CallProgress(call);
    try {
      Engine engine = models.engine(name, progress::waiting, call.cancellation());
      String known = name != null ? name : names.getFirst();
      return new LanguageModel(known, engine, engine.chatTemplate(), call, progress);
    } catch (ModelException | ChatTemplateException e) {
      throw new ToolException("model_unavailable", e.getMessage());
    }
  }

  String name() {
    return name;
  }

  Engine engine() {
    return engine;
  }

  PromptProfile profile() {
    return PromptProfile.of(engine);
  }

  /** The mode asked for if the model has it, or its only one. */
  ThinkingMode thinking(boolean wanted) throws ToolException {
    ThinkingMode mode = wanted ? ThinkingMode.ON : ThinkingMode.OFF;
    boolean able = template.thinkingModes().contains(mode) && (!wanted || profile().thinks());
    if (!able && wanted) {
      throw new ToolException(
          "thinking_not_supported",
          "the model %s does not think before it answers; leave out thinking or choose another model"
              .formatted(name));
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
    try (Session session = engine.newSession()) {
      GenerationResult result =
          session.generate(
              request,
              progress.listener(request.prompt().length, request.maxTokens(), startsInReasoning),
              call.cancellation());
      if (result.finishReason() == FinishReason.CANCELLED) {
        throw new InterruptedException("the call was cancelled");
      }
      return result;
    } catch (ContextOverflowException e) {
      throw tooLong(e.tokens());
    } catch (KvMemoryException e) {
      throw new ToolException("out_of_memory", e.getMessage());
    }
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
   * @throws InterruptedException if the call was cancelled
   */
  Scored score(int[] prompt, List<int[]> continuations) throws ToolException, InterruptedException {
    long start = System.nanoTime();
    try (Session session = engine.newSession()) {
      double[] scores = session.score(prompt, continuations, call.cancellation());
      double seconds = (System.nanoTime() - start) * 1e-9;
      return new Scored(scores, new Usage(prompt.length, 0, 0, 0, seconds, 0));
    } catch (CancellationException e) {
      throw new InterruptedException("the call was cancelled");
    } catch (ContextOverflowException e) {
      throw tooLong(e.tokens());
    } catch (KvMemoryException e) {
      throw new ToolException("out_of_memory", e.getMessage());
    }
  }

  /** Says by how much a prompt is too long. */
  ToolException tooLong(int tokens) {
    return new ToolException(
        "text_too_long",
        "the prompt has %,d tokens, the model %s holds %,d; shorten the text, summarise it first, or choose a model with a longer context"
            .formatted(tokens, name, engine.contextTokens()));
  }
}
