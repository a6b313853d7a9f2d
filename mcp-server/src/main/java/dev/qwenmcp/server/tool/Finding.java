package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.context.ModelIdentity;
import dev.qwenmcp.server.protocol.Doc;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What {@link Understand} found out about a text. */
sealed interface Finding {

  /** The finding in a few words. */
  String inWords();

  /**
   * Labels.
   *
   * @param scores all labels, likeliest first
   * @param chosen those that fit: one, none, or several if several were asked for
   * @param evidence what decided, if it was a label set's examples
   */
  record Labels(List<LabelScore> scores, List<String> chosen, Optional<LabelEvidence> evidence)
      implements Finding {
    @Override
    public String inWords() {
      if (chosen.isEmpty()) {
        return "none of the labels";
      }
      return String.join(
          ", ",
          scores.stream()
              .filter(score -> chosen.contains(score.label()))
              .map(score -> "%s (%.0f %%)".formatted(score.label(), 100 * score.confidence()))
              .toList());
    }
  }

  /**
   * An object that follows a schema.
   *
   * @param spans where its values stand in the text
   * @param inferred values that do not stand there
   */
  record Data(ObjectNode object, List<Grounding.ValueSpan> spans, List<String> inferred)
      implements Finding {
    @Override
    public String inWords() {
      return object.toString();
    }
  }

  /** Entities in the order of the text. */
  record Entities(List<Entity> entities) implements Finding {
    @Override
    public String inWords() {
      List<String> words = new ArrayList<>();
      entities.forEach(entity -> words.add(entity.text() + " (" + entity.type() + ")"));
      return words.isEmpty() ? "no entities" : String.join(", ", words);
    }
  }

  /**
   * An answer.
   *
   * @param answer empty if the text does not hold it
   * @param support the words of the text that hold it, if they could be found
   * @param confidence that the text holds the answer, 0 to 1
   */
  record Answered(Optional<String> answer, Optional<Support> support, double confidence)
      implements Finding {
    @Override
    public String inWords() {
      return answer.orElse("not in the text");
    }
  }

  /** A summary. */
  record Summary(String text) implements Finding {
    @Override
    public String inWords() {
      return text;
    }
  }

  /** Keywords and the language, empty if unknown, whose rules found them. */
  record Keywords(List<KeywordScore> keywords, String language) implements Finding {
    @Override
    public String inWords() {
      return String.join(", ", keywords.stream().map(KeywordScore::keyword).toList());
    }
  }

  /** Languages, likeliest first. */
  record Languages(List<LanguageScore> languages) implements Finding {
    @Override
    public String inWords() {
      LanguageScore best = languages.getFirst();
      String name = Locale.of(best.language()).getDisplayLanguage(Locale.ENGLISH);
      return "%s (%.0f %%)".formatted(name, 100 * best.confidence());
    }
  }

  /** A label. */
  record LabelScore(
      @Doc("The label") String label,
      @Doc("Probability, 0 to 1, of the kind that confidence_kind names") double confidence) {}

  /** An entity. */
  record Entity(
      @Doc("Its type") String type,
      @Doc("The words of the text") String text,
      @Doc("Offset of its first UTF-16 unit in the text") int start,
      @Doc("Offset after its last") int end) {}

  /** Words of the text. */
  record Support(
      @Doc("The words of the text that hold the answer") String text,
      @Doc("Offset of their first UTF-16 unit in the text") int start,
      @Doc("Offset after their last") int end) {}

  /** A keyword. */
  record KeywordScore(
      @Doc("The phrase") String keyword,
      @Doc("Importance relative to the first, 0 to 1") double score,
      @Doc("How often it occurs") int count) {}

  /** A language. */
  record LanguageScore(
      @Doc("ISO 639-1 code") String language,
      @Doc("Probability among the known languages, 0 to 1") double confidence) {}

  /** What kind of number a confidence is. */
  enum ConfidenceKind {
    /** Likelihood of answers, corrected for their priors, normalised over the labels. */
    ANSWER_LIKELIHOOD,
    /** The same for true and false of each label by itself. */
    YES_NO_LIKELIHOOD,
    /** Of a logistic regression that was trained on examples. */
    TRAINED_CLASSIFIER,
    /** A cosine of embeddings. */
    SIMILARITY,
    /** Of the language detector, sharpened on short texts. */
    LANGUAGE_DETECTOR
  }

  /**
   * How a finding came about.
   *
   * @param model the model that found it
   * @param prompts profile of the prompts that asked, empty if none
   * @param tokens ids that the model wrote
   * @param usage what it cost
   * @param parts in how many parts the text was read
   * @param notes what the caller should know
   */
  record Origin(
      ModelIdentity model,
      String prompts,
      List<Integer> tokens,
      Usage usage,
      int parts,
      List<String> notes) {
    static final Origin NO_MODEL =
        new Origin(ModelIdentity.NONE, "", List.of(), Usage.NONE, 1, List.of());

    static Origin of(ChatModel model, Usage usage, int parts, List<String> notes) {
      return new Origin(
          model.identity(), model.profile().name(), List.of(), usage, parts, List.copyOf(notes));
    }

    Origin withTokens(List<Integer> ids) {
      return new Origin(model, prompts, ids, usage, parts, notes);
    }

    Origin withNotes(List<String> others) {
      return new Origin(model, prompts, tokens, usage, parts, List.copyOf(others));
    }
  }

  /**
   * A finding with how it came about.
   *
   * @param confidence what kind of number its confidences are, if it has any
   */
  record Found(Finding finding, Optional<ConfidenceKind> confidence, Origin origin) {}
}
