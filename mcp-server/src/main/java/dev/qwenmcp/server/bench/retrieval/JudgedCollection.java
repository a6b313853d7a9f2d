package dev.qwenmcp.server.bench.retrieval;

import dev.qwenmcp.server.knowledge.SourceDocument;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Documents, questions, and which of the documents answer them.
 *
 * @param name for people
 * @param documents what is searched
 * @param queries what is searched for
 */
public record JudgedCollection(String name, List<SourceDocument> documents, List<Query> queries) {

  /**
   * A question with its judgements.
   *
   * @param text the question
   * @param gains what each relevant document is worth, from 1, by its id
   */
  public record Query(String text, Map<String, Integer> gains) {
    /** Only what these documents are worth. */
    Query among(Set<String> ids) {
      Map<String, Integer> kept = new HashMap<>(gains);
      kept.keySet().retainAll(ids);
      return new Query(text, kept);
    }

    /** Every relevant document counts the same. */
    Query withEqualGains() {
      return new Query(text, gains.keySet().stream().collect(Collectors.toMap(id -> id, _ -> 1)));
    }
  }

  /** Every so-many-th query with all documents. */
  public JudgedCollection everyNthQuery(int n) {
    List<Query> kept =
        IntStream.range(0, queries.size()).filter(i -> i % n == 0).mapToObj(queries::get).toList();
    return new JudgedCollection(name, documents, kept);
  }
}
