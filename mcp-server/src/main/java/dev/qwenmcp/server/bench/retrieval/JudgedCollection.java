package dev.qwenmcp.server.bench.retrieval;

import dev.qwenmcp.server.knowledge.SourceDocument;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

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

  /**
   * About half of the queries with all documents, the same ones each time: weights are chosen on
   * one half and reported on the other.
   *
   * @param second which half
   */
  public JudgedCollection half(boolean second) {
    List<Query> kept =
        queries.stream().filter(query -> hash(query.text()) % 2 == (second ? 1 : 0)).toList();
    return new JudgedCollection(name + (second ? ", half 2" : ", half 1"), documents, kept);
  }

  private static int hash(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return (int) (crc.getValue() >>> 7) & 1;
  }

  /** Every so-many-th query with all documents. */
  public JudgedCollection everyNthQuery(int n) {
    List<Query> kept =
        IntStream.range(0, queries.size()).filter(i -> i % n == 0).mapToObj(queries::get).toList();
    return new JudgedCollection(name, documents, kept);
  }
}
