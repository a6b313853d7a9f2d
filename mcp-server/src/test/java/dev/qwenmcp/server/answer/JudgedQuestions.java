package dev.qwenmcp.server.answer;

import dev.qwenmcp.server.document.Document;
import dev.qwenmcp.server.document.DocumentChunker;
import dev.qwenmcp.server.document.Markdown;
import dev.qwenmcp.server.knowledge.Embedders;
import dev.qwenmcp.server.knowledge.EmbeddingException;
import dev.qwenmcp.server.knowledge.KnowledgeBase;
import dev.qwenmcp.server.knowledge.KnowledgeLimits;
import dev.qwenmcp.server.knowledge.LuceneKnowledgeBase;
import dev.qwenmcp.server.knowledge.Passage;
import dev.qwenmcp.server.knowledge.SearchRequest;
import dev.qwenmcp.server.knowledge.SourceDocument;
import dev.qwenmcp.server.text.LanguageDetector;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Questions to collections, each with the cosine of the sentence nearest to it. */
final class JudgedQuestions {
  /** As many as the tool answer takes. */
  private static final int PASSAGES = 5;

  private final Embedders models;
  private final List<Judged> judged = new ArrayList<>();

  JudgedQuestions(Embedders models) {
    this.models = models;
  }

  /** Whether the collection answers. */
  enum Kind {
    ANSWERED(true),
    /** It was written to a set as a question that the documents leave open. */
    LEFT_OPEN(false),
    /** Documents that are not there answer it. */
    ELSEWHERE(false),
    CMRC_ANSWERED(true),
    CMRC_ELSEWHERE(false);

    final boolean answered;

    Kind(boolean answered) {
      this.answered = answered;
    }
  }

  /**
   * A question.
   *
   * @param id of the document that answers it, possibly empty
   */
  record Asked(String question, String id, Kind kind) {}

  /**
   * A question that was asked.
   *
   * @param cosine of the nearest sentence in the passages that are worth comparing, -1 if none was
   *     compared
   * @param others probability of the best of the other passages by the cosine of the whole
   */
  record Judged(String set, Kind kind, boolean chinese, double cosine, double others) {}

  static List<SourceDocument> documents(String set) throws IOException {
    List<SourceDocument> documents = new ArrayList<>();
    for (JsonNode each : json(set + "-documents.json")) {
      documents.add(
          document(
              each.get("id").asString(),
              each.get("title").asString(),
              each.get("text").asString()));
    }
    return documents;
  }

  /** Cut as the tool ingest cuts it. */
  static SourceDocument document(String id, String title, String text) {
    Document read = Markdown.read(text);
    Document named = new Document(title, text, read.blocks(), Map.of(), read.mediaType());
    return new SourceDocument(id, title, text, Map.of(), DocumentChunker.chunk(named));
  }

  static List<Asked> questions(String set) throws IOException {
    List<Asked> questions = new ArrayList<>();
    for (JsonNode each : json(set + "-questions.json")) {
      String id = each.get("id").asString();
      questions.add(
          new Asked(
              each.get("question").asString(), id, id.isEmpty() ? Kind.LEFT_OPEN : Kind.ANSWERED));
    }
    return questions;
  }

  private static JsonNode json(String name) throws IOException {
    try (InputStream in = JudgedQuestions.class.getResourceAsStream(name)) {
      return JsonMapper.shared().readTree(in.readAllBytes());
    }
  }

  /** Asks a collection of these documents. */
  void ask(String set, List<SourceDocument> documents, List<Asked> questions) throws Exception {
    try (KnowledgeBase knowledge = new LuceneKnowledgeBase(KnowledgeLimits.DEFAULT, models)) {
      knowledge.ingest("test", "c", documents, _ -> {});
      knowledge.awaitVectors("test", "c", Duration.ofMinutes(5));
      for (Asked asked : questions) {
        judged.add(
            judge(
                set,
                asked,
                knowledge
                    .search("test", "c", SearchRequest.of(asked.question(), PASSAGES))
                    .passages()));
      }
    }
  }

  private Judged judge(String set, Asked asked, List<Passage> passages) throws EmbeddingException {
    boolean chinese = LanguageDetector.byScript(asked.question()).isPresent();
    Evidence.Line whole = (chinese ? Evidence.EAST_ASIAN : Evidence.GENERAL).text();
    Set<Integer> compared =
        NearestSentence.worthComparing(passages.stream().map(p -> p.scores().rerank()).toList());
    NearestSentence nearest = new NearestSentence(asked.question(), models);
    double most = -1;
    double others = 0;
    for (int i = 0; i < passages.size(); i++) {
      Passage passage = passages.get(i);
      if (compared.contains(i)) {
        most = Math.max(most, nearest.cosine(passage.heading(), passage.text()).orElse(-1));
      } else {
        others = Math.max(others, whole.probability(passage.scores().vector().orElse(-1)));
      }
    }
    return new Judged(set, asked.kind(), chinese, most, others);
  }

  List<Judged> judged(boolean chinese) {
    return judged.stream().filter(j -> j.chinese() == chinese).toList();
  }
}
