package dev.qwenmcp.server.bench.retrieval;

import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.knowledge.Passage;
import dev.qwenmcp.server.knowledge.SearchMode;
import dev.qwenmcp.server.knowledge.SearchRequest;
import dev.qwenmcp.server.knowledge.SourceDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Ranks the documents of judged collections by their best passage, in each way that there is.
 *
 * <p>Used by one thread.
 */
public final class RetrievalBench {
  /** Documents that are judged. */
  private static final int DEPTH = 10;

  /** Passages that are asked for: a document may have several. */
  private static final int PASSAGES = 3 * DEPTH;

  /** Queries that are asked for nothing before the clock runs: a server is measured once warm. */
  private static final int WARM_UP = 50;

  private static final int DOCUMENTS_A_CALL = 100;
  private static final Duration EMBEDDING = Duration.ofMinutes(30);
  private static final String PRINCIPAL = "bench";

  private final KnowledgeBase knowledge;

  public RetrievalBench(KnowledgeBase knowledge) {
    this.knowledge = knowledge;
  }

  /**
   * How one way of searching did; means over all queries.
   *
   * @param method for people
   * @param ndcg nDCG@10 with the judgements' grades
   * @param binaryNdcg nDCG@10 where every relevant document counts the same
   * @param recall recall@10
   * @param mrr mean reciprocal rank, 0 beyond rank 10
   * @param map mean average precision, 0 beyond rank 10
   * @param medianMillis time of a query that half of them take at most
   * @param p95Millis time that 95 % take at most
   */
  public record Row(
      String method,
      double ndcg,
      double binaryNdcg,
      double recall,
      double mrr,
      double map,
      double medianMillis,
      double p95Millis) {}

  /**
   * A collection's results.
   *
   * @param collection what was searched
   * @param passages how many it was cut into
   * @param ingestSeconds until everything could be found by its words
   * @param vectorSeconds from there until everything could be found by its vectors
   * @param rows BM25, vectors, hybrid, hybrid with rerank
   * @param graphRecall share of the 10 nearest passages of exact search that the graph finds
   */
  public record Report(
      JudgedCollection collection,
      int passages,
      double ingestSeconds,
      double vectorSeconds,
      List<Row> rows,
      double graphRecall) {}

  /**
   * Measures the search by words alone, which needs no vectors.
   *
   * @throws KnowledgeException if it does not fit
   */
  public Row measureWords(JudgedCollection collection) throws KnowledgeException {
    ingest(collection);
    return row("BM25", collection, SearchRequest.of("", PASSAGES).mode(SearchMode.KEYWORDS));
  }

  /**
   * Measures all ways on a collection.
   *
   * @throws KnowledgeException if it does not fit
   * @throws InterruptedException if the thread is interrupted while passages are embedded
   */
  public Report measure(JudgedCollection collection)
      throws KnowledgeException, InterruptedException {
    String name = collection.name();
    long start = System.nanoTime();
    ingest(collection);
    long ingested = System.nanoTime();
    knowledge.awaitVectors(PRINCIPAL, name, EMBEDDING);
    long embedded = System.nanoTime();
    SearchRequest hybrid = SearchRequest.of("", PASSAGES);
    SearchRequest vectors = hybrid.mode(SearchMode.VECTORS).withoutRerank();
    List<Row> rows =
        List.of(
            row("BM25", collection, hybrid.mode(SearchMode.KEYWORDS)),
            row("vectors", collection, vectors),
            row("hybrid", collection, hybrid.withoutRerank()),
            row("hybrid + rerank", collection, hybrid));
    return new Report(
        collection,
        knowledge.sources(PRINCIPAL, name).stream().mapToInt(s -> s.passages()).sum(),
        (ingested - start) / 1e9,
        (embedded - ingested) / 1e9,
        rows,
        graphRecall(collection, vectors));
  }

  private void ingest(JudgedCollection collection) throws KnowledgeException {
    List<SourceDocument> documents = collection.documents();
    for (int from = 0; from < documents.size(); from += DOCUMENTS_A_CALL) {
      int to = Math.min(from + DOCUMENTS_A_CALL, documents.size());
      knowledge.ingest(PRINCIPAL, collection.name(), documents.subList(from, to), _ -> {});
    }
  }

  private Row row(String method, JudgedCollection collection, SearchRequest request)
      throws KnowledgeException {
    double ndcg = 0;
    double binary = 0;
    double recall = 0;
    double mrr = 0;
    double map = 0;
    int n = collection.queries().size();
    for (JudgedCollection.Query query : collection.queries().subList(0, Math.min(n, WARM_UP))) {
      search(collection, request, query.text());
    }
    double[] millis = new double[n];
    for (int i = 0; i < n; i++) {
      JudgedCollection.Query query = collection.queries().get(i);
      long start = System.nanoTime();
      List<Passage> passages = search(collection, request, query.text());
      millis[i] = (System.nanoTime() - start) / 1e6;
      List<String> ranking = documents(passages);
      ndcg += RankingMetrics.ndcg(ranking, query.gains(), DEPTH);
      binary += RankingMetrics.ndcg(ranking, query.withEqualGains().gains(), DEPTH);
      recall += RankingMetrics.recall(ranking, query.gains(), DEPTH);
      map += RankingMetrics.averagePrecision(ranking, query.gains(), DEPTH);
      mrr += RankingMetrics.reciprocalRank(ranking, query.gains(), DEPTH);
    }
    Arrays.sort(millis);
    return new Row(
        method,
        ndcg / n,
        binary / n,
        recall / n,
        mrr / n,
        map / n,
        millis[n / 2],
        millis[(int) Math.ceil(0.95 * n) - 1]);
  }

  private double graphRecall(JudgedCollection collection, SearchRequest vectors)
      throws KnowledgeException {
    SearchRequest graph = vectors.limit(DEPTH);
    int found = 0;
    int expected = 0;
    for (JudgedCollection.Query query : collection.queries()) {
      Set<String> exact = texts(search(collection, graph.exactly(), query.text()));
      Set<String> walked = texts(search(collection, graph, query.text()));
      expected += exact.size();
      exact.retainAll(walked);
      found += exact.size();
    }
    return expected == 0 ? 0 : (double) found / expected;
  }

  private static Set<String> texts(List<Passage> passages) {
    Set<String> texts = new LinkedHashSet<>();
    passages.forEach(passage -> texts.add(passage.text()));
    return texts;
  }

  private List<Passage> search(JudgedCollection collection, SearchRequest request, String query)
      throws KnowledgeException {
    return knowledge.search(PRINCIPAL, collection.name(), request.query(query)).passages();
  }

  /** Documents by their best passage; one with the same text as another is as good as that. */
  private static List<String> documents(List<Passage> passages) {
    Set<String> documents = new LinkedHashSet<>();
    for (Passage passage : passages) {
      documents.add(passage.source());
      documents.addAll(passage.alsoIn());
    }
    return new ArrayList<>(documents).subList(0, Math.min(DEPTH, documents.size()));
  }
}
