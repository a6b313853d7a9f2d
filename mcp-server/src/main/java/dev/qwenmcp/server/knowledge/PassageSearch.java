package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One search over one state of a collection: ranks, then reads the passages. */
final class PassageSearch {
  private final KeywordIndex.View words;
  private final VectorIndex.View vectors;
  private final SearchRequest request;
  private final Optional<QueryVectors> query;

  /**
   * Prepares a search.
   *
   * @param query empty to compare words alone, whatever was asked for
   */
  PassageSearch(
      KeywordIndex.View words,
      VectorIndex.View vectors,
      SearchRequest request,
      Optional<QueryVectors> query) {
    this.words = words;
    this.vectors = vectors;
    this.request = request;
    this.query = query;
  }

  /** What is compared in the end. */
  SearchMode mode() {
    return query.isEmpty() ? SearchMode.KEYWORDS : request.mode();
  }

  /** The best passages, best first. */
  List<Passage> passages() throws IOException {
    Map<String, Passage> byText = new LinkedHashMap<>();
    for (Ranking.Ranked ranked : ranking()) {
      if (byText.size() == request.limit()) {
        break;
      }
      Optional<KeywordIndex.Stored> stored = words.passage(ranked.id());
      if (stored.isEmpty()) {
        continue; // its document was replaced between the views of both indexes
      }
      String key = normalised(stored.get().text());
      Passage same = byText.get(key);
      if (same != null) {
        byText.put(key, withSource(same, stored.get().source()));
      } else {
        byText.put(key, passage(stored.get(), ranked.scores()));
      }
    }
    return List.copyOf(byText.values());
  }

  private List<Ranking.Ranked> ranking() throws IOException {
    Ranking ranking = new Ranking(words, vectors, request);
    return switch (mode()) {
      case KEYWORDS -> ranking.byWords();
      case VECTORS -> ranking.byVectors(query.orElseThrow());
      case HYBRID -> ranking.byBoth(query.orElseThrow());
    };
  }

  /** Texts that differ in case, width or white space only say the same. */
  private static String normalised(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC)
        .toLowerCase(Locale.ROOT)
        .replaceAll("\\s+", " ")
        .strip();
  }

  private static Passage withSource(Passage passage, String source) {
    if (passage.source().equals(source) || passage.alsoIn().contains(source)) {
      return passage;
    }
    List<String> alsoIn = new ArrayList<>(passage.alsoIn());
    alsoIn.add(source);
    return new Passage(
        passage.source(),
        passage.title(),
        passage.text(),
        passage.start(),
        passage.end(),
        passage.scores(),
        List.copyOf(alsoIn),
        passage.before(),
        passage.after());
  }

  private Passage passage(KeywordIndex.Stored stored, PassageScores scores) throws IOException {
    return new Passage(
        stored.source(),
        stored.title(),
        stored.text(),
        stored.start(),
        stored.start() + stored.text().length(),
        scores,
        List.of(),
        neighbours(stored, -request.neighbours(), -1),
        neighbours(stored, 1, request.neighbours()));
  }

  /** The passages of the same document at these distances. */
  private List<Passage.Excerpt> neighbours(KeywordIndex.Stored of, int from, int to)
      throws IOException {
    List<Passage.Excerpt> neighbours = new ArrayList<>();
    for (int distance = from; distance <= to; distance++) {
      words
          .passage(of.id() + distance)
          .filter(stored -> stored.source().equals(of.source()))
          .map(s -> new Passage.Excerpt(s.text(), s.start(), s.start() + s.text().length()))
          .ifPresent(neighbours::add);
    }
    return neighbours;
  }
}
