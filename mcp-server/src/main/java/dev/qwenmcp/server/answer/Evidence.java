package dev.qwenmcp.server.answer;

import dev.qwenmcp.server.text.LanguageDetector;
import java.util.HashSet;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Whether a passage is good enough to answer a question from.
 *
 * <p>Where meaning was compared, the passage answers with the probability {@code 1 / (1 + exp(-(w0
 * + w1 cosine + w2 tokens)))}; cosine and late interaction are the two parts of a search's score
 * that mean the same in every search of one embedding model. The weights were fitted by logistic
 * regression, for all-MiniLM-L6-v2 on CLINC150 (75 intents as documents; 750 questions of the
 * validation set, half of them on intents that have no document, and its 100 questions out of
 * scope), for bge-small-zh-v1.5 on CMRC 2018 (200 paragraphs; 200 questions on them and 210 on
 * others). At {@link #ENOUGH} they let through 87 % of the English and 97 % of the Chinese
 * questions whose right document was found first; of the rest, most of whose documents are close
 * relatives of the right one, 39 % and 18 %, and 6 % of the questions out of scope. Where the
 * search compared the texts' vectors alone, weights for the cosine alone do as well (87 and 97 %,
 * 38 and 19 %, 5 %).
 *
 * <p>Where words alone were compared, at least half of the question's words must occur.
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

  /**
   * Weights of one embedding model.
   *
   * @param bias the value where both similarities are 0
   * @param cosine weight of the texts' cosine
   * @param tokens weight of the late interaction
   */
  private record Weights(double bias, double cosine, double tokens) {
    double probability(double cosineOfTexts, double lateInteraction) {
      return 1 / (1 + Math.exp(-(bias + cosine * cosineOfTexts + tokens * lateInteraction)));
    }
  }

  private static final Weights GENERAL = new Weights(-4.99, 4.323, 8.262);
  private static final Weights EAST_ASIAN = new Weights(-16.096, 14.773, 12.336);
  private static final Weights GENERAL_COSINE = new Weights(-4.509, 9.863, 0);
  private static final Weights EAST_ASIAN_COSINE = new Weights(-14.587, 23.343, 0);

  /**
   * Judges one passage.
   *
   * @param question what was asked
   * @param passage its title and text
   * @param cosine of the texts' vectors, if compared
   * @param tokens late interaction, if compared
   */
  public static Evidence of(
      String question, String passage, OptionalDouble cosine, OptionalDouble tokens) {
    if (cosine.isEmpty()) {
      double share = shareOfWords(question, passage);
      return new Evidence(share, false, share >= ENOUGH_WORDS);
    }
    boolean eastAsian = LanguageDetector.byScript(question).isPresent();
    Weights weights =
        tokens.isPresent()
            ? (eastAsian ? EAST_ASIAN : GENERAL)
            : (eastAsian ? EAST_ASIAN_COSINE : GENERAL_COSINE);
    double probability = weights.probability(cosine.getAsDouble(), tokens.orElse(0));
    return new Evidence(probability, true, probability >= ENOUGH);
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
