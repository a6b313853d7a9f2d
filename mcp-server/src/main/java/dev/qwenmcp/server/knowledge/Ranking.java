package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Puts the passages of a collection in the order in which a search finds them. */
final class Ranking {
  /** Length of the lists by words and by vectors. */
  private static final int CANDIDATES = 100;

  /**
   * How many of the fused list are compared token by token, or more if more are wanted. With 60 the
   * fused ranks decide too much where meaning is better than words; all of both lists are no better
   * than these.
   */
  private static final int COMPARED = 100;

  /**
   * Weight of the vectors' ranks beside those of the words. Small models rank worse than BM25: with
   * equal weights nDCG@10 is 0.429 on Cranfield and 0.977 on CMRC 2018, with this one 0.434 and
   * 0.980.
   */
  private static final double VECTORS = 0.5;

  /**
   * Weight of a title's cosine beside that of the whole text, where it has one. Of 80 questions to
   * a Chinese FAQ the right entry comes first for 65 without titles, 68 with 0.5, 69 with 0.6 to
   * 0.8, and 67 with titles alone, which lack what only the answer says.
   */
  private static final double TITLE = 0.6;

  private final KeywordIndex.View words;
  private final VectorIndex.View vectors;
  private final SearchRequest request;

  Ranking(KeywordIndex.View words, VectorIndex.View vectors, SearchRequest request) {
    this.words = words;
    this.vectors = vectors;
    this.request = request;
  }

  /** A passage and why it stands there. */
  record Ranked(long id, PassageScores scores) {}

  /** By words alone. */
  List<Ranked> byWords() throws IOException {
    List<Ranked> ranked = new ArrayList<>();
    for (Hit hit : wordHits()) {
      ranked.add(new Ranked(hit.id(), PassageScores.ofWords(hit.score(), ranked.size() + 1)));
    }
    return ranked;
  }

  /** By vectors alone. */
  List<Ranked> byVectors(QueryVectors query) throws IOException {
    List<Ranked> ranked = new ArrayList<>();
    for (Hit hit : vectorHits(query)) {
      PassageScores scores = PassageScores.ofVectors(hit.score(), ranked.size() + 1);
      if (request.rerank()) {
        OptionalDouble title = vectors.compareTitle(query, hit.id());
        if (title.isPresent()) {
          scores = scores.titled(title.getAsDouble(), TITLE);
        }
      }
      ranked.add(new Ranked(hit.id(), scores));
    }
    ranked.sort(byScore()); // stable
    return ranked;
  }

  /** A list's scores and ranks by passage. */
  private record Listed(Map<Long, Double> scores, Map<Long, Integer> ranks) {
    static Listed of(List<Hit> hits) {
      Map<Long, Double> scores = new HashMap<>();
      Map<Long, Integer> ranks = new HashMap<>();
      for (Hit hit : hits) {
        scores.put(hit.id(), hit.score());
        ranks.put(hit.id(), ranks.size() + 1);
      }
      return new Listed(scores, ranks);
    }

    OptionalDouble score(long id) {
      Double score = scores.get(id);
      return score == null ? OptionalDouble.empty() : OptionalDouble.of(score);
    }

    OptionalInt rank(long id) {
      Integer rank = ranks.get(id);
      return rank == null ? OptionalInt.empty() : OptionalInt.of(rank);
    }
  }

  /** By both, fused by their ranks; the best are then compared token by token, if wanted. */
  List<Ranked> byBoth(QueryVectors query) throws IOException {
    List<Hit> byWords = wordHits();
    List<Hit> byVectors = vectorHits(query);
    List<Hit> fused = new ReciprocalRanks().add(byWords, 1).add(byVectors, VECTORS).ranking();
    Listed bm25 = Listed.of(byWords);
    Listed cosines = Listed.of(byVectors);
    if (request.rerank()) {
      double least = byWords.size() < CANDIDATES ? 0 : byWords.getLast().score();
      int compared = Math.max(COMPARED, 2 * request.limit());
      List<Hit> best = fused.subList(0, Math.min(compared, fused.size()));
      return compared(query, best, bm25, cosines, least);
    }
    List<Ranked> ranked = new ArrayList<>();
    for (Hit hit : fused) {
      OptionalInt rank = OptionalInt.of(ranked.size() + 1);
      OptionalDouble none = OptionalDouble.empty();
      PassageScores scores =
          new PassageScores(
              hit.score(),
              bm25.score(hit.id()),
              bm25.rank(hit.id()),
              cosines.score(hit.id()),
              cosines.rank(hit.id()),
              none,
              none,
              OptionalDouble.of(hit.score()),
              rank,
              none);
      ranked.add(new Ranked(hit.id(), scores));
    }
    return ranked;
  }

  private List<Ranked> compared(
      QueryVectors query, List<Hit> fused, Listed bm25, Listed cosines, double leastBm25)
      throws IOException {
    double most = words.most(request.query());
    List<Optional<VectorIndex.Similarity>> similar = similar(query, fused);
    Fusion.Parts[] parts = new Fusion.Parts[fused.size()];
    for (int i = 0; i < parts.length; i++) {
      Optional<VectorIndex.Similarity> similarity = similar.get(i);
      parts[i] =
          new Fusion.Parts(
              most == 0 ? 0 : bm25.score(fused.get(i).id()).orElse(leastBm25) / most,
              similarity.map(s -> OptionalDouble.of(s.cosine())).orElse(OptionalDouble.empty()),
              similarity.map(VectorIndex.Similarity::tokens).orElse(OptionalDouble.empty()));
    }
    double[] scores = Fusion.scores(parts);
    List<Ranked> ranked = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      long id = fused.get(i).id();
      PassageScores all =
          new PassageScores(
              scores[i],
              bm25.score(id),
              bm25.rank(id),
              parts[i].cosine(),
              cosines.rank(id),
              OptionalDouble.empty(),
              OptionalDouble.empty(), // those that are returned get it
              OptionalDouble.of(scores[i]),
              OptionalInt.of(i + 1),
              OptionalDouble.empty());
      ranked.add(new Ranked(id, all));
    }
    ranked.sort(byScore());
    return ranked;
  }

  /**
   * How near each passage is, with signs of tokens where all have them: what was embedded before
   * there were any has none, and the two are no numbers of one kind.
   */
  private List<Optional<VectorIndex.Similarity>> similar(QueryVectors query, List<Hit> passages)
      throws IOException {
    SignQuery signs = vectors.signs(query);
    List<Optional<VectorIndex.Similarity>> finely = new ArrayList<>();
    for (Hit passage : passages) {
      Optional<VectorIndex.Similarity> similarity =
          vectors.compareFinely(query, signs, passage.id());
      if (similarity.isEmpty() && vectors.compare(query, passage.id()).isPresent()) {
        return coarsely(query, passages);
      }
      finely.add(similarity);
    }
    return finely;
  }

  private List<Optional<VectorIndex.Similarity>> coarsely(QueryVectors query, List<Hit> passages)
      throws IOException {
    List<Optional<VectorIndex.Similarity>> similar = new ArrayList<>();
    for (Hit passage : passages) {
      similar.add(vectors.compare(query, passage.id()));
    }
    return similar;
  }

  /** Best first. */
  static Comparator<Ranked> byScore() {
    return Comparator.comparingDouble((Ranked r) -> r.scores().score()).reversed();
  }

  /**
   * In the order in which a reranking model has them.
   *
   * @param scores of each, 0 to 1
   */
  static List<Ranked> reranked(List<Ranked> passages, double[] scores) {
    List<Ranked> ranked = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      ranked.add(new Ranked(passages.get(i).id(), passages.get(i).scores().readAs(scores[i])));
    }
    ranked.sort(byScore());
    return ranked;
  }

  private List<Hit> wordHits() throws IOException {
    return words.search(
        request.query(), request.filter(), Math.max(CANDIDATES, 2 * request.limit()));
  }

  /** Without those that have nothing to do with the query: a graph always finds something. */
  private List<Hit> vectorHits(QueryVectors query) throws IOException {
    EmbeddingModel model = query.model();
    float[] vector = query.embedding().vector();
    List<Hit> nearest =
        request.exact()
            ? vectors.nearestExactly(model, vector, CANDIDATES)
            : vectors.nearest(model, vector, request.filter(), CANDIDATES);
    return nearest.stream().filter(hit -> hit.score() > model.unrelated()).toList();
  }
}
