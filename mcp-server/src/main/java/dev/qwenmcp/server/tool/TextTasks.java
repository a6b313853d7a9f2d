package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.protocol.ToolContext;
import dev.qwenmcp.server.protocol.ToolException;
import dev.qwenmcp.server.text.DetectedLanguage;
import dev.qwenmcp.server.text.KeywordExtractor;
import dev.qwenmcp.server.text.LanguageDetector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@link Understand} can find out, one method a task. */
final class TextTasks {
  private static final int MAX_TOKENS = 512;
  private static final int TIME_BUDGET_SECONDS = 45;
  private static final int SENTENCES = 3;
  private static final int KEYWORDS = 10;
  private static final int MOST_LABEL_CHARACTERS = 100;

  private final LanguageModels models;
  private final LanguageDetector languages;

  TextTasks(LanguageModels models, LanguageDetector languages) {
    this.models = models;
    this.languages = languages;
  }

  /** Number of languages that can be told. */
  int languages() {
    return languages.languages().size();
  }

  Finding.Found run(
      Understand.Arguments arguments, String text, WorkingContext context, ToolContext call)
      throws ToolException, InterruptedException {
    return switch (arguments.task()) {
      case CLASSIFY -> classify(arguments, text, context, call);
      case EXTRACT -> extract(arguments, text, context, call);
      case SUMMARISE -> summarise(arguments, text, context, call);
      case KEYWORDS -> keywords(arguments, text);
      case LANGUAGE -> language(text);
    };
  }

  private Finding.Found classify(
      Understand.Arguments arguments, String text, WorkingContext context, ToolContext call)
      throws ToolException, InterruptedException {
    List<String> labels = labels(arguments.labels());
    Map<String, String> descriptions =
        arguments.labelDescriptions() == null ? Map.of() : arguments.labelDescriptions();
    for (String described : descriptions.keySet()) {
      if (!labels.contains(described)) {
        throw new ToolException(
            "invalid_labels",
            "label_descriptions describes \"%s\", which is none of the labels; use the labels as keys"
                .formatted(described));
      }
    }
    ChatModel model = models.chat(arguments.model(), context, call);
    LabelChooser chooser = new LabelChooser(model, deadline(arguments));
    Finding.Labels ranked = new Finding.Labels(chooser.rank(text, labels, descriptions));
    List<String> notes = new ArrayList<>(model.languageNotes(text));
    notes.addAll(chooser.notes());
    if (!descriptions.isEmpty() && !model.profile().readsTexts()) {
      notes.add("the model %s does not read label descriptions".formatted(model.name()));
    }
    return found(ranked, model, List.of(), chooser.usage(), notes);
  }

  private static List<String> labels(List<String> labels) throws ToolException {
    if (labels == null) {
      throw new ToolException(
          "invalid_labels", "classify needs labels to choose from; give 2 to 200 in labels");
    }
    Set<String> seen = new HashSet<>();
    for (String label : labels) {
      if (label.isBlank() || label.length() > MOST_LABEL_CHARACTERS) {
        throw new ToolException(
            "invalid_labels",
            "the label \"%s\" is blank or has more than %d characters; use a short name and explain it in label_descriptions"
                .formatted(label, MOST_LABEL_CHARACTERS));
      }
      if (!seen.add(label)) {
        throw new ToolException(
            "invalid_labels", "the label \"%s\" is there twice; give it once".formatted(label));
      }
    }
    return labels;
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
    Extractor.Extracted extracted =
        extractor.extract(model, text, maxTokens(arguments), deadline(arguments));
    List<String> notes = new ArrayList<>(model.languageNotes(text));
    if (!model.profile().readsTexts()) {
      notes.add(
          "the model %s has not learnt to extract: %s is a guess"
              .formatted(
                  model.name(),
                  extracted.fromText()
                      ? "the values are words and numbers of the text, which ones"
                      : "what the object says"));
    }
    return found(
        new Finding.Data(extracted.object()),
        model,
        extracted.generation().tokens(),
        extracted.generation().usage(),
        notes);
  }

  private Finding.Found summarise(
      Understand.Arguments arguments, String text, WorkingContext context, ToolContext call)
      throws ToolException, InterruptedException {
    int words = arguments.maxWords() == null ? 0 : arguments.maxWords();
    int sentences =
        arguments.maxSentences() != null ? arguments.maxSentences() : words > 0 ? 0 : SENTENCES;
    ChatModel model = models.chat(arguments.model(), context, call);
    Summariser summariser =
        new Summariser(
            model, new SummaryBound(sentences, words), maxTokens(arguments), deadline(arguments));
    Finding.Summary summary = new Finding.Summary(summariser.summarise(text));
    return found(summary, model, summariser.tokens(), summariser.usage(), summariser.notes());
  }

  private Finding.Found keywords(Understand.Arguments arguments, String text) {
    List<DetectedLanguage> found = languages.detect(text);
    String language = found.isEmpty() ? "" : found.getFirst().code();
    int limit = arguments.maxKeywords() == null ? KEYWORDS : arguments.maxKeywords();
    List<Finding.KeywordScore> keywords =
        KeywordExtractor.extract(text, language, limit).stream()
            .map(k -> new Finding.KeywordScore(k.text(), k.score(), k.count()))
            .toList();
    return Finding.Found.withoutModel(new Finding.Keywords(keywords, language));
  }

  private Finding.Found language(String text) throws ToolException {
    List<DetectedLanguage> found = languages.detect(text);
    if (found.isEmpty()) {
      throw new ToolException(
          "no_language", "the text has no letters, so it is in no language; give one with words");
    }
    return Finding.Found.withoutModel(
        new Finding.Languages(
            found.stream().map(l -> new Finding.LanguageScore(l.code(), l.confidence())).toList()));
  }

  private static Finding.Found found(
      Finding finding, ChatModel model, List<Integer> tokens, Usage usage, List<String> notes) {
    return new Finding.Found(
        finding, model.identity(), model.profile().name(), tokens, usage, notes);
  }

  private static int maxTokens(Understand.Arguments arguments) {
    return arguments.maxTokens() == null ? MAX_TOKENS : arguments.maxTokens();
  }

  private static Deadline deadline(Understand.Arguments arguments) {
    Integer seconds = arguments.timeBudgetSeconds();
    return new Deadline(Duration.ofSeconds(seconds == null ? TIME_BUDGET_SECONDS : seconds));
  }
}
