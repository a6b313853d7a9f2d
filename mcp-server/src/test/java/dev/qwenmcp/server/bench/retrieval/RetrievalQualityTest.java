package dev.qwenmcp.server.bench.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.SharedData;
import dev.qwenmcp.server.knowledge.Embedders;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeException;
import dev.qwenmcp.server.knowledge.KnowledgeLimits;
import dev.qwenmcp.server.knowledge.LuceneKnowledgeBase;
import dev.qwenmcp.server.knowledge.SourceDocument;
import dev.qwenmcp.server.knowledge.onnx.EmbeddedModels;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Words on whole test collections, meaning on a part of them: embedding all takes a minute, which
 * {@code qwen-mcp bench-retrieval} takes.
 */
class RetrievalQualityTest {

  private static JudgedCollection cranfield() throws IOException {
    return CranfieldFiles.read(SharedData.require("data/cranfield"));
  }

  private static JudgedCollection cmrc() throws IOException {
    return CmrcFile.read(SharedData.require("data/cmrc2018/cmrc2018_dev.json"));
  }

  private static RetrievalBench.Report measure(JudgedCollection collection, Embedders embedders)
      throws KnowledgeException, InterruptedException {
    try (embedders;
        KnowledgeBase knowledge = new LuceneKnowledgeBase(KnowledgeLimits.DEFAULT, embedders)) {
      RetrievalBench.Report report = new RetrievalBench(knowledge).measure(collection);
      report.rows().forEach(row -> System.out.println(collection.name() + ": " + row));
      return report;
    }
  }

  private static RetrievalBench.Row byWords(JudgedCollection collection) throws KnowledgeException {
    try (KnowledgeBase knowledge =
        new LuceneKnowledgeBase(KnowledgeLimits.DEFAULT, Embedders.NONE)) {
      RetrievalBench.Row row = new RetrievalBench(knowledge).measureWords(collection);
      System.out.println(collection.name() + ": " + row);
      return row;
    }
  }

  @Test
  void ranksCranfieldByWordsAsWellAsBm25Should() throws Exception {
    JudgedCollection collection = cranfield();
    assertThat(collection.documents()).hasSize(1398);
    assertThat(collection.queries()).hasSize(225);
    RetrievalBench.Row row = byWords(collection);
    assertThat(row.ndcg()).isGreaterThan(0.38);
    assertThat(row.binaryNdcg()).isGreaterThan(0.39);
  }

  @Test
  void findsChineseParagraphsByTheWordsOfTheirQuestions() throws Exception {
    JudgedCollection collection = cmrc();
    assertThat(collection.documents()).hasSize(848);
    assertThat(collection.queries()).hasSize(3219);
    RetrievalBench.Row row = byWords(collection.everyNthQuery(8));
    assertThat(row.mrr()).isGreaterThan(0.97);
    assertThat(row.recall()).isGreaterThan(0.99);
  }

  /** The first documents and the queries that they answer, with what else they answer left out. */
  private static JudgedCollection part(JudgedCollection whole, int documents) {
    List<SourceDocument> kept = whole.documents().subList(0, documents);
    Set<String> ids = new HashSet<>();
    kept.forEach(document -> ids.add(document.id()));
    List<JudgedCollection.Query> queries =
        whole.queries().stream()
            .map(query -> query.among(ids))
            .filter(query -> !query.gains().isEmpty())
            .toList();
    return new JudgedCollection(whole.name() + ", a part", kept, queries);
  }

  @Test
  void meaningImprovesOnWordsInEnglish() throws Exception {
    RetrievalBench.Report report = measure(part(cranfield(), 200), EmbeddedModels.open());
    double words = report.rows().get(0).ndcg();
    double vectors = report.rows().get(1).ndcg();
    double all = report.rows().get(3).ndcg();
    assertThat(all).isGreaterThan(1.03 * words).isGreaterThan(vectors);
    assertThat(report.graphRecall()).isGreaterThan(0.95);
  }

  @Test
  void meaningImprovesOnWordsInChinese() throws Exception {
    RetrievalBench.Report report =
        measure(part(cmrc(), 80).everyNthQuery(2), EmbeddedModels.open());
    double words = report.rows().get(0).ndcg();
    double vectors = report.rows().get(1).ndcg();
    double all = report.rows().get(3).ndcg();
    assertThat(all).isGreaterThanOrEqualTo(words).isGreaterThan(vectors);
    assertThat(report.graphRecall()).isGreaterThan(0.95);
  }
}
