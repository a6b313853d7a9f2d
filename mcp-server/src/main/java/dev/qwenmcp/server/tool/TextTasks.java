package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.label.LabelSets;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.text.DetectedLanguage;
import dev.qwenmcp.server.text.KeywordExtractor;
import dev.qwenmcp.server.text.LanguageDetector;
import dev.qwenmcp.server.tool.Finding.ConfidenceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What {@link Understand} can find out, one method a task. */
final class TextTasks {
  private static final int MAX_TOKENS = 512;
  private static final int SENTENCES = 3;
  private static final int KEYWORDS = 10;

  private final LanguageModels models;
  private final LanguageDetector languages;
  private final Classification classification;
  private final EntityFinder entities;
  private final QuestionAnswering questions;

  TextTasks(LanguageModels models, LabelSets labels, LanguageDetector languages) {
    this.models = models;
    this.languages = languages;
    AnswerPriors priors = new AnswerPriors();
    this.classification = new Classification(models, labels, priors);
    this.entities = new EntityFinder(models);
    this.questions = new QuestionAnswering(models, labels.embedders(), priors);
  }

  /** Number of languages that can be told. */
  int languages() {
    return languages.languages().size();
  }

  Finding.Found run(
      Understand.Arguments arguments, String text, WorkingContext context, ToolContext call)
      throws ToolException, InterruptedException {
    return switch (arguments.task()) {
      case CLASSIFY -> classification.classify(arguments, text, context, call);
      case EXTRACT -> extract(arguments, text, context, call);
      case ENTITIES -> entities.find(arguments, text, context, call);
      case SENTIMENT -> classification.sentiment(arguments, text, context, call);
      case QUESTION -> questions.answer(arguments, text, context, call);
      case SUMMARISE -> summarise(arguments, text, context, call);
      case KEYWORDS -> keywords(arguments, text);
      case LANGUAGE -> language(text);
    };
  }

  private Finding.Found extract(
      Understand.Arguments arguments, String text, WorkingContext context, ToolContext call)
      throws ToolException, InterruptedException {
    if (arguments.schema() == null) {
      throw new ToolException(
          "invalid_schema", "extract needs a JSON Schema of an object; give it in schema");
    }
    Extractor extractor = new Extractor(arguments.schema());
    ChatModel model = models.chat(arguments.model(), context, call);
    Extraction extraction =
        new Extraction(model, extractor, maxTokens(arguments), deadline(arguments, call));
    ObjectNode object = extraction.extract(text);
    List<String> notes = new ArrayList<>(model.languageNotes(text));
    notes.addAll(extraction.notes());
    if (!model.profile().readsTexts()) {
      notes.add(
          "the model %s has not learnt to extract: %s is a guess"
              .formatted(
                  model.name(),
                  extraction.fromText()
                      ? "the values are words and numbers of the text, which ones"
                      : "what the object says"));
    }
    Grounding grounding = new Grounding(text).locate(object);
    return new Finding.Found(
        new Finding.Data(object, grounding.spans(), grounding.inferred()),
        Optional.empty(),
        Finding.Origin.of(model, extraction.usage(), extraction.parts(), notes)
            .withTokens(extraction.tokens()));
  }

  private Finding.Found summarise(
      Understand.Arguments arguments, String text, WorkingContext context, ToolContext call)
      throws ToolException, InterruptedException {
    int words = arguments.maxWords() == null ? 0 : arguments.maxWords();
    int sentences =
        arguments.maxSentences() != null ? arguments.maxSentences() : words > 0 ? 0 : SENTENCES;
    SummaryStyle style = arguments.style() == null ? SummaryStyle.PARAGRAPH : arguments.style();
    ChatModel model = models.chat(arguments.model(), context, call);
    Summariser summariser =
        new Summariser(
            model,
            new SummaryBound(sentences, words, style),
            maxTokens(arguments),
            deadline(arguments, call));
    Finding.Summary summary = new Finding.Summary(summariser.summarise(text));
    return new Finding.Found(
        summary,
        Optional.empty(),
        Finding.Origin.of(model, summariser.usage(), summariser.parts(), summariser.notes())
            .withTokens(summariser.tokens()));
  }

  private Finding.Found keywords(Understand.Arguments arguments, String text) {
    List<DetectedLanguage> found = languages.detect(text);
    String language = found.isEmpty() ? "" : found.getFirst().code();
    int limit = arguments.maxKeywords() == null ? KEYWORDS : arguments.maxKeywords();
    List<Finding.KeywordScore> keywords =
        KeywordExtractor.extract(text, language, limit).stream()
            .map(k -> new Finding.KeywordScore(k.text(), k.score(), k.count()))
            .toList();
    return new Finding.Found(
        new Finding.Keywords(keywords, language), Optional.empty(), Finding.Origin.NO_MODEL);
  }

  private Finding.Found language(String text) throws ToolException {
    List<DetectedLanguage> found = languages.detect(text);
    if (found.isEmpty()) {
      throw new ToolException(
          "no_language", "the text has no letters, so it is in no language; give one with words");
    }
    return new Finding.Found(
        new Finding.Languages(
            found.stream().map(l -> new Finding.LanguageScore(l.code(), l.confidence())).toList()),
        Optional.of(ConfidenceKind.LANGUAGE_DETECTOR),
        Finding.Origin.NO_MODEL);
  }

  static int maxTokens(Understand.Arguments arguments) {
    return arguments.maxTokens() == null ? MAX_TOKENS : arguments.maxTokens();
  }

  static Deadline deadline(Understand.Arguments arguments, ToolContext call) {
    return new Deadline(TimeBudget.of(arguments.timeBudgetSeconds(), call));
  }
}
