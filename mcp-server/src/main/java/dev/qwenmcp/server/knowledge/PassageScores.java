package dev.qwenmcp.server.knowledge;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Why a passage stands where it stands; all but the cosine are comparable within one search only.
 *
 * @param score what the passages are ordered by, higher is better: BM25 or the cosine (with the
 *     title's, where that is compared, and together with those of other {@link Wordings}) where one
 *     of them was searched alone, else what {@link Fusion} makes of all, or what a reranking model
 *     says
 * @param bm25 if words of the query occur
 * @param bm25Rank rank from 1 by words, likewise
 * @param vector cosine of the texts' vectors, if compared
 * @param vectorRank rank from 1 by vectors, if it was among the nearest
 * @param title cosine of its title's vector, if that was compared by itself
 * @param rerank mean over the query's tokens of the best cosine in the passage, if compared
 * @param fused what {@link Fusion} or the ranks made of it, if both were compared
 * @param fusedRank rank from 1 after words and vectors were fused and before tokens were compared
 * @param read how well it answers the question, 0 to 1, if a reranking model read it
 */
public record PassageScores(
    double score,
    OptionalDouble bm25,
    OptionalInt bm25Rank,
    OptionalDouble vector,
    OptionalInt vectorRank,
    OptionalDouble title,
    OptionalDouble rerank,
    OptionalDouble fused,
    OptionalInt fusedRank,
    OptionalDouble read) {

  /** By words alone. */
  static PassageScores ofWords(double bm25, int rank) {
    return new PassageScores(
        bm25,
        OptionalDouble.of(bm25),
        OptionalInt.of(rank),
        OptionalDouble.empty(),
        OptionalInt.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalInt.empty(),
        OptionalDouble.empty());
  }

  /** By vectors alone. */
  static PassageScores ofVectors(double cosine, int rank) {
    return new PassageScores(
        cosine,
        OptionalDouble.empty(),
        OptionalInt.empty(),
        OptionalDouble.of(cosine),
        OptionalInt.of(rank),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalInt.empty(),
        OptionalDouble.empty());
  }

  /** Ordered by the weighted mean of the cosines of text and title. */
  PassageScores titled(double cosine, double weight) {
    return new PassageScores(
        (1 - weight) * score + weight * cosine,
        bm25,
        bm25Rank,
        vector,
        vectorRank,
        OptionalDouble.of(cosine),
        rerank,
        fused,
        fusedRank,
        read);
  }

  /** Ordered by another score. */
  PassageScores scored(double other) {
    return new PassageScores(
        other, bm25, bm25Rank, vector, vectorRank, title, rerank, fused, fusedRank, read);
  }

  /**
   * With what was compared only to judge how far it answers.
   *
   * @param titleCosine if it has a title's vector
   * @param tokens late interaction, if it has vectors of tokens
   */
  PassageScores judged(OptionalDouble titleCosine, OptionalDouble tokens) {
    return new PassageScores(
        score, bm25, bm25Rank, vector, vectorRank, titleCosine, tokens, fused, fusedRank, read);
  }

  /** Ordered behind all that a reranking model read, which have at least {@code least}. */
  PassageScores behind(double least) {
    return new PassageScores(
        least * score / (1 + Math.abs(score)),
        bm25,
        bm25Rank,
        vector,
        vectorRank,
        title,
        rerank,
        fused,
        fusedRank,
        read);
  }

  /** Ordered by what a reranking model says. */
  PassageScores readAs(double value) {
    return new PassageScores(
        value,
        bm25,
        bm25Rank,
        vector,
        vectorRank,
        title,
        rerank,
        fused,
        fusedRank,
        OptionalDouble.of(value));
  }
}
