package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.chat.Message;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.engine.sample.SamplerSettings;
import dev.qwenmcp.server.context.ModelIdentity;
import dev.qwenmcp.server.model.ModelInfo;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.text.DetectedLanguage;
import dev.qwenmcp.server.text.LanguageDetector;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A chat model as one call uses it, wherever it runs: its failures are those of tools, and the call
 * can stop it.
 */
sealed interface ChatModel permits LanguageModel, RemoteLanguageModel {
  /** Its entry in the catalogue. */
  ModelInfo info();

  default String name() {
    return info().name();
  }

  /** The model as entries of contexts name it. */
  default ModelIdentity identity() {
    return new ModelIdentity(info().name(), info().fingerprint());
  }

  /** How it wants to be asked. */
  PromptProfile profile();

  /** Longest prompt and answer together. */
  int contextTokens();

  /** Tokens of a text; for a model that runs elsewhere more rather than less. */
  int countTokens(String text);

  /** The sampling that the model's makers recommend, with the given seed. */
  SamplerSettings recommendedSampling(ThinkingMode thinking, long seed);

  /**
   * The mode asked for if the model has it, or its only one.
   *
   * @throws ToolException if thinking is wanted of a model that does not
   */
  ThinkingMode thinking(boolean wanted) throws ToolException;

  /** A conversation ready for the model's next answer. */
  PreparedPrompt prepare(List<Message> messages, ThinkingMode thinking);

  /** The prompt of one task: the model's usual system message and what is asked. */
  default PreparedPrompt prepare(String question, ThinkingMode thinking) {
    return prepare(List.of(system(), Message.user(question)), thinking);
  }

  /** The system message that all tools use, so that their prompts begin alike. */
  default Message system() {
    return Message.system(PromptLibrary.get(profile(), "system").text());
  }

  /**
   * Writes an answer. With a schema the visible text follows it if the answer is complete.
   *
   * @throws ToolException if it cannot; the code says why
   * @throws InterruptedException if the call was cancelled
   */
  ChatReply chat(ChatRequest request) throws ToolException, InterruptedException;

  /**
   * Chooses one of several answers.
   *
   * @throws ToolException if it cannot, or the time ended before
   * @throws InterruptedException if the call was cancelled
   */
  Choice choose(PreparedPrompt prompt, Options options, Deadline deadline)
      throws ToolException, InterruptedException;

  /**
   * What to know about the model's answer to a text, if its script says that it is in a language
   * that the model was not made for.
   */
  default List<String> languageNotes(String text) {
    Optional<DetectedLanguage> language = LanguageDetector.byScript(text);
    if (language.isEmpty() || info().speaks(language.get().code())) {
      return List.of();
    }
    return List.of(
        "the text is in %s; the model %s was made for %s: do not rely on this, or choose another model"
            .formatted(
                inEnglish(language.get().code()),
                name(),
                String.join(", ", info().languages().stream().map(ChatModel::inEnglish).toList())));
  }

  private static String inEnglish(String code) {
    return Locale.of(code).getDisplayLanguage(Locale.ENGLISH);
  }

  /** Says by how much a prompt is too long. */
  default ToolException tooLong(int tokens) {
    return new ToolException(
        "text_too_long",
        "the prompt has %,d tokens, the model %s holds %,d; shorten the text, summarise it first, or choose a model with a longer context"
            .formatted(tokens, name(), contextTokens()));
  }
}
