package dev.qwenmcp.server.knowledge;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Makes one score of a passage's BM25, cosine and late-interaction scores: a weighted mean.
 *
 * <p>Such a mean keeps what ranks lose, namely by how much a passage is better. Each part is scaled
 * by what it could be at most and not by what was found (Bruch, Gai & Ingber 2023): BM25 is divided
 * by what a passage with all words of the question would have, and cosines are left as they are. So
 * words decide where a passage has most of those that were asked for, and meaning where none has;
 * scaled to what was found, the best of a few poor matches by words would count as much as a
 * perfect one. The weights are the same for all collections and languages.
 */
final class Fusion {
  private static final double WORDS = 0.45;
  private static final double MEANING = 0.55;

  private Fusion() {}

  /**
   * A passage's scores.
   *
   * @param words its BM25 as a share of what it could be
   * @param cosine of the texts' vectors, if the passage has one by the query's model
   * @param tokens late interaction, likewise and if the model has vectors of tokens
   */
  record Parts(double words, OptionalDouble cosine, OptionalDouble tokens) {}

  /** Scores of all passages in their order. */
  static double[] scores(Parts[] passages) {
    double[] cosine = filled(Arrays.stream(passages).map(Parts::cosine).toList());
    double[] tokens = filled(Arrays.stream(passages).map(Parts::tokens).toList());
    boolean both = Arrays.stream(passages).anyMatch(p -> p.tokens().isPresent());
    double[] scores = new double[passages.length];
    for (int i = 0; i < scores.length; i++) {
      double meaning = both ? (cosine[i] + tokens[i]) / 2 : cosine[i];
      scores[i] = WORDS * passages[i].words() + MEANING * meaning;
    }
    return scores;
  }

  /** What is missing counts as much as the mean. */
  private static double[] filled(List<OptionalDouble> values) {
    double mean = values.stream().flatMapToDouble(OptionalDouble::stream).average().orElse(0);
    return values.stream().mapToDouble(v -> v.orElse(mean)).toArray();
  }
}
