package dev.qwenmcp.server.bench.retrieval;

import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.knowledge.Passage;
import dev.qwenmcp.server.knowledge.SearchMode;
import dev.qwenmcp.server.knowledge.SearchRequest;
import dev.qwenmcp.server.knowledge.SourceDocument;
import dev.qwenmcp.server.knowledge.StoredDocument;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Measures a large collection: how fast it is made and searched, and what the graph finds. */
public final class ScaleBench {
  private static final String PRINCIPAL = "bench";
  private static final String COLLECTION = "scale";
  private static final int DOCUMENTS_A_CALL = 50;
  private static final int WARM_UP = 50;
  private static final int NEAREST = 10;
  private static final int UPDATES = 20;
  private static final Duration REPORT = Duration.ofSeconds(10);

  private final KnowledgeBase knowledge;
  private final PrintWriter out;
  private final PrintWriter progress;

  /**
   * @param out gets the figures
   * @param progress hears every few seconds how far the embedding is
   */
  public ScaleBench(KnowledgeBase knowledge, PrintWriter out, PrintWriter progress) {
    this.knowledge = knowledge;
    this.out = out;
    this.progress = progress;
  }

  /**
   * Ingests what is not there yet and has it embedded.
   *
   * @param most how long to embed; the rest is done by the next run on the same folder
   * @return passages that are still to be embedded
   */
  public int fill(List<SourceDocument> documents, Duration most)
      throws KnowledgeException, InterruptedException {
    long start = System.nanoTime();
    int passages = 0;
    int unchanged = 0;
    for (int from = 0; from < documents.size(); from += DOCUMENTS_A_CALL) {
      List<SourceDocument> call =
          documents.subList(from, Math.min(from + DOCUMENTS_A_CALL, documents.size()));
      var summary = knowledge.ingest(PRINCIPAL, COLLECTION, call, _ -> {});
      passages += summary.passages();
      unchanged += summary.unchanged();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    say(
        "- %,d passages of %,d characters in the mean, of %,d documents (%,d of them there before), ingested in %.1f s, %,.0f passages a second",
        passages,
        documents.stream()
                .flatMap(document -> document.chunks().stream())
                .mapToLong(chunk -> chunk.end() - chunk.start())
                .sum()
            / Math.max(1, passages),
        documents.size(),
        unchanged,
        seconds,
        passages / seconds);
    long end = System.nanoTime() + most.toNanos();
    int first = knowledge.awaitVectors(PRINCIPAL, COLLECTION, Duration.ZERO);
    int pending = first;
    start = System.nanoTime();
    while (pending > 0 && System.nanoTime() < end) {
      pending = knowledge.awaitVectors(PRINCIPAL, COLLECTION, REPORT);
      seconds = (System.nanoTime() - start) / 1e9;
      progress.printf(
          Locale.ROOT,
          "%,d of %,d passages embedded, %,.0f a second%n",
          first - pending,
          first,
          (first - pending) / seconds);
      progress.flush();
    }
    seconds = (System.nanoTime() - start) / 1e9;
    if (first > 0) {
      say(
          "- %,d passages embedded in %.1f s, %,.0f a second; %,d are left",
          first - pending, seconds, (first - pending) / seconds, pending);
    }
    return pending;
  }

  /** Searches in every way, and compares the graph with exact search. */
  public void search(List<String> queries) throws KnowledgeException {
    SearchRequest hybrid = SearchRequest.of("", 5);
    time("words", hybrid.mode(SearchMode.KEYWORDS), queries);
    time("vectors", hybrid.mode(SearchMode.VECTORS), queries);
    time("hybrid", hybrid.withoutRerank(), queries);
    time("hybrid + rerank", hybrid, queries);
    SearchRequest graph = hybrid.limit(NEAREST).mode(SearchMode.VECTORS).withoutRerank();
    int found = 0;
    int expected = 0;
    for (String query : queries) {
      Set<String> exact = places(graph.exactly(), query);
      Set<String> walked = places(graph, query);
      expected += exact.size();
      exact.retainAll(walked);
      found += exact.size();
    }
    say(
        "- the graph finds %.4f of the %d nearest passages of %,d queries",
        (double) found / Math.max(1, expected), NEAREST, queries.size());
  }

  private Set<String> places(SearchRequest request, String query) throws KnowledgeException {
    Set<String> places = new HashSet<>();
    for (Passage passage :
        knowledge.search(PRINCIPAL, COLLECTION, request.query(query)).passages()) {
      places.add(passage.source() + ":" + passage.start());
    }
    return places;
  }

  private void time(String method, SearchRequest request, List<String> queries)
      throws KnowledgeException {
    for (String query : queries.subList(0, Math.min(WARM_UP, queries.size()))) {
      knowledge.search(PRINCIPAL, COLLECTION, request.query(query));
    }
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double[] millis = new double[queries.size()];
    double[] working = new double[queries.size()];
    for (int i = 0; i < millis.length; i++) {
      long start = System.nanoTime();
      long before = threads.getCurrentThreadCpuTime();
      knowledge.search(PRINCIPAL, COLLECTION, request.query(queries.get(i)));
      working[i] = (threads.getCurrentThreadCpuTime() - before) / 1e6;
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(millis);
    Arrays.sort(working);
    say(
        "- %s: p50 %.1f ms, p95 %.1f ms, most %.1f ms; time on the processor, without waiting for other programs: p50 %.1f ms, p95 %.1f ms",
        method,
        millis[millis.length / 2],
        p95(millis),
        millis[millis.length - 1],
        working[working.length / 2],
        p95(working));
  }

  private static double p95(double[] sorted) {
    return sorted[(int) Math.ceil(0.95 * sorted.length) - 1];
  }

  /** Reads what is found in the documents once more, at the places that are said. */
  public void cite(List<String> queries) throws KnowledgeException {
    int cited = 0;
    int reproduced = 0;
    for (String query : queries) {
      SearchRequest request = SearchRequest.of(query, NEAREST);
      for (Passage passage : knowledge.search(PRINCIPAL, COLLECTION, request).passages()) {
        cited++;
        String text =
            knowledge
                .document(PRINCIPAL, COLLECTION, passage.source())
                .map(StoredDocument::text)
                .orElse("");
        boolean within = passage.start() >= 0 && passage.end() <= text.length();
        if (within && text.substring(passage.start(), passage.end()).equals(passage.text())) {
          reproduced++;
        }
      }
    }
    say("- %,d of %,d citations reproduce their text", reproduced, cited);
  }

  /**
   * How long a document takes to be stored for good, and then to be found by another server, by a
   * word of it and by its meaning.
   */
  public void update(KnowledgeBase other) throws KnowledgeException, InterruptedException {
    double[] stored = new double[UPDATES];
    double[] byWord = new double[UPDATES];
    double[] byMeaning = new double[UPDATES];
    for (int i = 0; i < UPDATES; i++) {
      String word = "zyx" + i + "w" + System.nanoTime();
      String text = "The keeper of lighthouse %s paints its %d doors.".formatted(word, i + 2);
      long start = System.nanoTime();
      knowledge.ingest(
          PRINCIPAL, COLLECTION, List.of(new SourceDocument("update", "", text)), _ -> {});
      long acknowledged = System.nanoTime();
      stored[i] = (acknowledged - start) / 1e6;
      SearchRequest request = SearchRequest.of(text, 1);
      byWord[i] = millisUntilFound(other, request.query(word).mode(SearchMode.KEYWORDS), word);
      byMeaning[i] = byWord[i] + millisUntilFound(other, request.mode(SearchMode.VECTORS), word);
    }
    knowledge.forget(PRINCIPAL, COLLECTION, List.of("update"));
    for (double[] times : List.of(stored, byWord, byMeaning)) {
      Arrays.sort(times);
    }
    say(
        "- replacing a document takes %.0f ms in the middle and %.0f ms at most; another server finds it by its words %.0f ms later at most, by its meaning %.0f ms (%.0f ms in the middle)",
        stored[UPDATES / 2],
        stored[UPDATES - 1],
        byWord[UPDATES - 1],
        byMeaning[UPDATES - 1],
        byMeaning[UPDATES / 2]);
  }

  private static double millisUntilFound(KnowledgeBase where, SearchRequest request, String word)
      throws KnowledgeException, InterruptedException {
    long start = System.nanoTime();
    while (where.search(PRINCIPAL, COLLECTION, request).passages().stream()
        .noneMatch(passage -> passage.text().contains(word))) {
      Thread.sleep(1);
    }
    return (System.nanoTime() - start) / 1e6;
  }

  private void say(String format, Object... values) {
    out.printf(Locale.ROOT, format + "%n", values);
    out.flush();
  }
}
