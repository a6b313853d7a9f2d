package dev.qwenmcp.server.answer;

import dev.qwenmcp.server.text.LanguageDetector;
import dev.qwenmcp.server.text.Passages;
import dev.qwenmcp.server.text.Span;
import java.util.HashSet;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Whether a passage is good enough to answer a question from.
 *
 * <p>What says most differs. A short entry with a title of its own, such as one of a FAQ, is good
 * enough if the cosine of its text says so, or that together with its title's. Of a longer passage
 * one sentence answers, so the nearest of them decides. Where no sentence was compared, as of all
 * passages but the most likely ones, the cosine of the text decides, and where meaning was not
 * compared, at least half of the question's words must occur.
 *
 * <p>The passage answers with the probability {@code 1 / (1 + exp(-x))}, {@code x} being linear in
 * what was compared, with weights for each embedding model, by logistic regression on questions
 * that have an answer and such that have none, as much weight on each kind of either:
 *
 * <ul>
 *   <li>text: on CLINC150 and CMRC 2018.
 *   <li>text and title: on four sets of questions to the sample FAQ, and on each of its wordings
 *       while that is left out; without an answer are both with their entry taken out, and
 *       questions on other things (CLINC150, CMRC 2018, CrossWOZ). At {@link #ENOUGH} text or title
 *       let through 97 % of the Chinese wordings whose entry came first, where the text alone let
 *       94 %, and 25 instead of 18 % of CrossWOZ's questions; in English the title adds nothing (98
 *       % of the wordings, 36 % of CLINC150's).
 *   <li>sentence: on CMRC 2018 and the documents {@code street} and {@code house}; {@code
 *       SentenceWeightsTest} makes the weights anew and says how well they judge.
 * </ul>
 *
 * @param probability that the passage answers, or the share of the question's words that occur
 * @param byMeaning which of the two
 * @param enough whether to answer from it
 */
public record Evidence(double probability, boolean byMeaning, boolean enough) {
  /** Probability from which on a passage is answered from. */
  public static final double ENOUGH = 0.2;

  private static final double ENOUGH_WORDS = 0.5;
  private static final int SHORTEST_WORD = 4;

  /** A longer text is more than its title says. */
  private static final int ENTRY_WEIGHT = 1000;

  /** Of one cosine. */
  record Line(double bias, double slope) {
    double probability(double cosine) {
      return logistic(bias + slope * cosine);
    }
  }

  /** Of two cosines. */
  private record Plane(double bias, double text, double title) {
    double probability(double ofText, double ofTitle) {
      return logistic(bias + text * ofText + title * ofTitle);
    }
  }

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** Weights of one embedding model. */
  record Model(Line text, Plane textAndTitle, Line sentence) {}

  static final Model GENERAL =
      new Model(new Line(-4.509, 9.863), new Plane(-8.699, 7.715, 9.37), new Line(-3.11, 6.46));
  static final Model EAST_ASIAN =
      new Model(
          new Line(-14.587, 23.343), new Plane(-15.538, 15.819, 9.285), new Line(-11.31, 19.77));

  /**
   * How near a passage is to a question by one embedding model.
   *
   * @param text cosine of the texts' vectors, if compared
   * @param title cosine of its title's vector, if it has one
   * @param sentence cosine of its nearest sentence, if compared; of an {@link #isEntry entry} it
   *     does not count
   */
  public record Closeness(OptionalDouble text, OptionalDouble title, OptionalDouble sentence) {
    /** Nothing was compared. */
    public static final Closeness NONE =
        new Closeness(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
  }

  /**
   * Whether a passage is a short entry with a title of its own.
   *
   * @param title cosine of its title's vector, if it has one
   */
  public static boolean isEntry(String text, OptionalDouble title) {
    return title.isPresent() && Passages.weight(text, new Span(0, text.length())) <= ENTRY_WEIGHT;
  }

  /**
   * Judges one passage.
   *
   * @param question what was asked
   * @param title of the passage's document, possibly empty
   * @param text of the passage
   */
  public static Evidence of(String question, String title, String text, Closeness closeness) {
    if (closeness.text().isEmpty()) {
      double share = shareOfWords(question, title + "\n" + text);
      return new Evidence(share, false, share >= ENOUGH_WORDS);
    }
    boolean eastAsian = LanguageDetector.byScript(question).isPresent();
    double probability = probability(eastAsian ? EAST_ASIAN : GENERAL, text, closeness);
    return new Evidence(probability, true, probability >= ENOUGH);
  }

  private static double probability(Model model, String text, Closeness closeness) {
    double ofText = model.text().probability(closeness.text().orElseThrow());
    if (isEntry(text, closeness.title())) {
      double ofBoth =
          model
              .textAndTitle()
              .probability(closeness.text().getAsDouble(), closeness.title().getAsDouble());
      return Math.max(ofText, ofBoth);
    }
    return closeness.sentence().isPresent()
        ? model.sentence().probability(closeness.sentence().getAsDouble())
        : ofText;
  }

  private static double shareOfWords(String question, String passage) {
    Set<String> asked = words(question);
    if (asked.isEmpty()) {
      return 0;
    }
    Set<String> there = words(passage);
    return asked.stream().filter(there::contains).count() / (double) asked.size();
  }

  /** Words of four letters and more, without a final s; pairs of Chinese characters. */
  private static Set<String> words(String text) {
    Set<String> words = new HashSet<>();
    StringBuilder word = new StringBuilder();
    int before = 0;
    for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      boolean han = Character.isIdeographic(c);
      if (han && before != 0) {
        words.add(new StringBuilder().appendCodePoint(before).appendCodePoint(c).toString());
      }
      before = han ? c : 0;
      if (!han && Character.isLetterOrDigit(c)) {
        word.appendCodePoint(Character.toLowerCase(c));
      } else {
        add(word, words);
      }
    }
    add(word, words);
    return words;
  }

  private static void add(StringBuilder word, Set<String> words) {
    if (word.length() >= SHORTEST_WORD) {
      String whole = word.toString().toLowerCase(Locale.ROOT);
      words.add(whole.endsWith("s") ? whole.substring(0, whole.length() - 1) : whole);
    }
    word.setLength(0);
  }
}
