package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** One search over one state of a collection: ranks, then reads the passages. */
final class PassageSearch {
  private final KeywordIndex.View words;
  private final VectorIndex.View vectors;
  private final SearchRequest request;
  private final Optional<QueryVectors> query;
  private final Optional<Reranker> reranker;
  private final SearchNotes notes;

  /**
   * Prepares a search.
   *
   * @param query empty to compare words alone, whatever was asked for
   * @param reranker reads the best passages of a hybrid search once more
   */
  PassageSearch(
      KeywordIndex.View words,
      VectorIndex.View vectors,
      SearchRequest request,
      Optional<QueryVectors> query,
      Optional<Reranker> reranker,
      SearchNotes notes) {
    this.words = words;
    this.vectors = vectors;
    this.request = request;
    this.query = query;
    this.reranker = reranker;
    this.notes = notes;
  }

  /** The best passages, best first. */
  SearchResult result() throws IOException {
    SearchMode mode = query.isEmpty() ? SearchMode.KEYWORDS : request.mode();
    List<Found> found = new ArrayList<>();
    for (Ranking.Ranked ranked : read(ranking(mode))) {
      Optional<KeywordIndex.Stored> stored = words.passage(ranked.id());
      if (stored.isEmpty()) {
        continue; // its document was replaced between the views of both indexes
      }
      SameText text = SameText.of(stored.get().text());
      Optional<Found> same = found.stream().filter(f -> f.saysToo(stored.get(), text)).findFirst();
      if (same.isPresent()) {
        same.get().add(stored.get().source());
      } else if (found.size() == request.limit()) {
        break; // what says the same as one of these is among the next, or hardly matters
      } else {
        found.add(found(stored.get(), text, judged(ranked)));
      }
    }
    return new SearchResult(found.stream().map(Found::passage).toList(), mode, notes.all());
  }

  private List<Ranking.Ranked> ranking(SearchMode mode) throws IOException {
    Ranking ranking = new Ranking(words, vectors, request);
    return switch (mode) {
      case KEYWORDS -> ranking.byWords();
      case VECTORS ->
          Wordings.together(
              ranking.byVectors(query.orElseThrow()),
              id -> words.passage(id).map(KeywordIndex.Stored::text));
      case HYBRID -> ranking.byBoth(query.orElseThrow());
    };
  }

  /** With all parts by which it can be judged, however it was found. */
  private PassageScores judged(Ranking.Ranked ranked) throws IOException {
    PassageScores scores = ranked.scores();
    if (query.isEmpty() || !request.rerank()) {
      return scores;
    }
    OptionalDouble title =
        scores.title().isPresent()
            ? scores.title()
            : vectors.compareTitle(query.get(), ranked.id());
    OptionalDouble tokens =
        scores.rerank().isPresent()
            ? scores.rerank()
            : vectors
                .compare(query.get(), ranked.id())
                .map(VectorIndex.Similarity::tokens)
                .orElse(OptionalDouble.empty());
    return scores.judged(title, tokens);
  }

  /** With the best put into the order in which a reranking model has them. */
  private List<Ranking.Ranked> read(List<Ranking.Ranked> ranked) throws IOException {
    if (reranker.isEmpty() || !request.rerank() || request.mode() != SearchMode.HYBRID) {
      return ranked;
    }
    int depth = Math.min(ranked.size(), reranker.get().depth());
    List<Ranking.Ranked> best = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (Ranking.Ranked each : ranked.subList(0, depth)) {
      Optional<KeywordIndex.Stored> stored = words.passage(each.id());
      if (stored.isPresent()) {
        best.add(each);
        texts.add(stored.get().withHeadings());
      }
    }
    try {
      List<Ranking.Ranked> all =
          Ranking.reranked(best, reranker.get().score(request.query(), texts));
      double least = all.isEmpty() ? 1 : all.getLast().scores().score();
      for (Ranking.Ranked rest : ranked.subList(depth, ranked.size())) {
        all.add(new Ranking.Ranked(rest.id(), rest.scores().behind(least)));
      }
      return all;
    } catch (EmbeddingException e) {
      notes.add("not reranked by %s: %s".formatted(reranker.get().name(), e.getMessage()));
      return ranked;
    }
  }

  /** A passage that will be returned, and what says the same. */
  private static final class Found {
    private final Passage passage;
    private final SameText text;
    private final List<String> alsoIn = new ArrayList<>();

    Found(Passage passage, SameText text) {
      this.passage = passage;
      this.text = text;
    }

    /** Whether it is shown with this one already: the same text, or a part of this passage. */
    boolean saysToo(KeywordIndex.Stored other, SameText otherText) {
      boolean ofSame = other.source().equals(passage.source());
      return text.same(otherText)
          || (ofSame
              ? passage.start() <= other.start() && other.end() <= passage.end()
              : text.nearlySame(otherText));
    }

    void add(String source) {
      if (!source.equals(passage.source()) && !alsoIn.contains(source)) {
        alsoIn.add(source);
      }
    }

    Passage passage() {
      return new Passage(
          passage.source(),
          passage.title(),
          passage.heading(),
          passage.text(),
          passage.start(),
          passage.end(),
          passage.match(),
          passage.scores(),
          passage.metadata(),
          List.copyOf(alsoIn),
          passage.contentHash());
    }
  }

  private Found found(KeywordIndex.Stored stored, SameText text, PassageScores scores)
      throws IOException {
    int start = stored.start();
    int end = stored.end();
    String shown = stored.text();
    if (request.neighbours() > 0) {
      for (int distance = 1; distance <= request.neighbours(); distance++) {
        start = Math.min(start, neighbour(stored, -distance).orElse(stored).start());
        end = Math.max(end, neighbour(stored, distance).orElse(stored).end());
      }
      shown = words.text(stored.source()).orElseThrow().substring(start, end);
    }
    String hash = words.head(stored.source()).map(Head::hash).orElse("");
    return new Found(
        new Passage(
            stored.source(),
            stored.title(),
            stored.heading(),
            shown,
            start,
            end,
            new Passage.Match(stored.start(), stored.end()),
            scores,
            stored.metadata(),
            List.of(),
            hash),
        text);
  }

  /** The passage of the same document at a distance. */
  private Optional<KeywordIndex.Stored> neighbour(KeywordIndex.Stored of, int distance)
      throws IOException {
    return words.passage(of.id() + distance).filter(stored -> stored.source().equals(of.source()));
  }
}
