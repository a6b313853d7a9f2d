package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.context.ModelIdentity;
import dev.qwenmcp.server.protocol.Doc;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** What {@link Understand} found out about a text. */
sealed interface Finding {

  /** The finding in a few words. */
  String inWords();

  /** Labels, likeliest first. */
  record Labels(List<LabelScore> scores) implements Finding {
    @Override
    public String inWords() {
      LabelScore best = scores.getFirst();
      return "%s (%.0f %%)".formatted(best.label(), 100 * best.confidence());
    }
  }

  /** An object that follows a schema. */
  record Data(ObjectNode object) implements Finding {
    @Override
    public String inWords() {
      return object.toString();
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
      @Doc("Probability among the labels, 0 to 1; they add up to 1") double confidence) {}

  /** A keyword. */
  record KeywordScore(
      @Doc("The phrase") String keyword,
      @Doc("Importance relative to the first, 0 to 1") double score,
      @Doc("How often it occurs") int count) {}

  /** A language. */
  record LanguageScore(
      @Doc("ISO 639-1 code") String language,
      @Doc("Probability among the known languages, 0 to 1") double confidence) {}

  /**
   * A finding with how it came about.
   *
   * @param model the model that found it
   * @param prompts profile of the prompts that asked, empty if none
   * @param tokens ids that the model wrote
   * @param usage what it cost
   * @param notes what the caller should know
   */
  record Found(
      Finding finding,
      ModelIdentity model,
      String prompts,
      List<Integer> tokens,
      Usage usage,
      List<String> notes) {

    static Found withoutModel(Finding finding) {
      return new Found(finding, ModelIdentity.NONE, "", List.of(), Usage.NONE, List.of());
    }
  }
}
