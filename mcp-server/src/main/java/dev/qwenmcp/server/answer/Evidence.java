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
 * only a part answers, which late interaction of the tokens sees and the cosine of the whole does
 * not. Where neither was compared, the cosine of the text decides, and where meaning was not
 * compared, at least half of the question's words must occur.
 *
 * <p>The passage answers with the probability {@code 1 / (1 + exp(-(w0 + w1 x1 + w2 x2)))}, with
 * weights for each embedding model, by logistic regression on questions that have an answer and
 * such that have none, as much weight on each kind of either:
 *
 * <ul>
 *   <li>text: on CLINC150 and CMRC 2018.
 *   <li>text and title: on four sets of questions to the sample FAQ, and on each of its wordings
 *       while that is left out; without an answer are both with their entry taken out, and
 *       questions on other things (CLINC150, CMRC 2018, CrossWOZ). At {@link #ENOUGH} text or title
 *       let through 97 % of the Chinese wordings whose entry came first, where the text alone let
 *       94 %, and 25 instead of 18 % of CrossWOZ's questions; in English the title adds nothing (98
 *       % of the wordings, 36 % of CLINC150's).
 *   <li>tokens: on CLINC150 (75 intents as documents; the other 75, and its questions out of
 *       scope), CMRC 2018 (250 paragraphs; questions on others) and eight small documents; what has
 *       no answer counts twice. Let through are 97 % on CLINC150, all on CMRC, and of questions on
 *       the small documents 83 % in English and 86 % in Chinese, where cosine and tokens with
 *       weights from CLINC150 and CMRC alone let 39 and 33 % through; of what has no answer, 15 %
 *       out of scope, 39 % of CMRC's, 31 and 12 % of questions that the small documents leave open.
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

  /** Weights of one embedding model: {@code x1} and {@code x2} are what the names say. */
  private record Weights(double bias, double first, double second) {
    double probability(double x1, double x2) {
      return 1 / (1 + Math.exp(-(bias + first * x1 + second * x2)));
    }
  }

  private record Model(Weights textAndTitle, Weights tokens, Weights text) {}

  private static final Model GENERAL =
      new Model(
          new Weights(-8.699, 7.715, 9.37),
          new Weights(-4.351, 12.821, 0),
          new Weights(-4.509, 9.863, 0));
  private static final Model EAST_ASIAN =
      new Model(
          new Weights(-15.538, 15.819, 9.285),
          new Weights(-9.661, 18.36, 0),
          new Weights(-14.587, 23.343, 0));

  /**
   * How near a passage is to a question by one embedding model.
   *
   * @param text cosine of the texts' vectors, if compared
   * @param title cosine of its title's vector, if it has one
   * @param tokens late interaction, if compared
   */
  public record Closeness(OptionalDouble text, OptionalDouble title, OptionalDouble tokens) {
    /** Nothing was compared. */
    public static final Closeness NONE =
        new Closeness(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
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
    double cosine = closeness.text().orElseThrow();
    if (closeness.title().isPresent()
        && Passages.weight(text, new Span(0, text.length())) <= ENTRY_WEIGHT) {
      return Math.max(
          model.text().probability(cosine, 0),
          model.textAndTitle().probability(cosine, closeness.title().getAsDouble()));
    }
    if (closeness.tokens().isPresent()) {
      return model.tokens().probability(closeness.tokens().getAsDouble(), 0);
    }
    return model.text().probability(cosine, 0);
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
