package dev.qwenmcp.server.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Ranks documents by their best passage and compares with the judgements of test collections. */
class RetrievalQualityTest {
  private final KnowledgeBase knowledge = new LuceneKnowledgeBase(KnowledgeLimits.DEFAULT);

  @Test
  void ranksCranfieldAsWellAsBm25Should() throws IOException, KnowledgeException {
    Path folder = SharedData.require("data/cranfield");
    List<SourceDocument> documents = new ArrayList<>();
    for (String[] record : records(folder.resolve("cran.all.1400"))) {
      String body = field(record[1], "W");
      if (!body.isBlank()) {
        documents.add(new SourceDocument(record[0], field(record[1], "T"), body));
      }
    }
    knowledge.ingest("local", "cranfield", documents, _ -> {});
    Map<Integer, Map<String, Integer>> judgements = judgements(folder.resolve("cranqrel"));
    List<String[]> queries = records(folder.resolve("cran.qry"));
    double graded = 0;
    double binary = 0;
    for (int q = 0; q < queries.size(); q++) {
      List<String> ranked = documents("cranfield", field(queries.get(q)[1], "W"), 10);
      Map<String, Integer> gains = judgements.get(q + 1);
      graded += ndcg(ranked, gains) / queries.size();
      gains.replaceAll((_, _) -> 1);
      binary += ndcg(ranked, gains) / queries.size();
    }
    System.out.printf("Cranfield: nDCG@10 %.4f graded, %.4f binary%n", graded, binary);
    assertThat(queries).hasSize(225);
    assertThat(graded).isGreaterThan(0.38);
    assertThat(binary).isGreaterThan(0.39);
  }

  @Test
  void findsChineseParagraphsByTheirQuestions() throws IOException, KnowledgeException {
    JsonNode root =
        new JsonMapper().readTree(SharedData.require("data/cmrc2018/cmrc2018_dev.json").toFile());
    List<SourceDocument> documents = new ArrayList<>();
    List<String[]> questions = new ArrayList<>();
    for (JsonNode article : root.get("data")) {
      for (JsonNode paragraph : article.get("paragraphs")) {
        String id = Integer.toString(documents.size());
        documents.add(new SourceDocument(id, "", paragraph.get("context").asString()));
        for (JsonNode question : paragraph.get("qas")) {
          questions.add(new String[] {id, question.get("question").asString()});
        }
      }
    }
    knowledge.ingest("local", "cmrc", documents, _ -> {});
    int first = 0;
    int firstTen = 0;
    for (String[] question : questions) {
      int rank = documents("cmrc", question[1], 10).indexOf(question[0]);
      first += rank == 0 ? 1 : 0;
      firstTen += rank >= 0 ? 1 : 0;
    }
    double n = questions.size();
    System.out.printf("CMRC2018: recall@1 %.4f, @10 %.4f of %.0f%n", first / n, firstTen / n, n);
    assertThat(first / n).isGreaterThan(0.96);
    assertThat(firstTen / n).isGreaterThan(0.99);
  }

  private List<String> documents(String collection, String query, int limit)
      throws KnowledgeException {
    Set<String> sources = new LinkedHashSet<>();
    for (Passage passage : knowledge.search("local", collection, query, 3 * limit)) {
      sources.add(passage.source());
    }
    return sources.stream().limit(limit).toList();
  }

  /** Gains 4 (a complete answer) to 1 (of minimum interest), as the judgements grade them. */
  private static double ndcg(List<String> ranked, Map<String, Integer> gains) {
    double found = 0;
    for (int i = 0; i < ranked.size(); i++) {
      found += gains.getOrDefault(ranked.get(i), 0) / log2(i + 2);
    }
    List<Integer> best = new ArrayList<>(gains.values());
    best.sort(Collections.reverseOrder());
    double ideal = 0;
    for (int i = 0; i < Math.min(10, best.size()); i++) {
      ideal += best.get(i) / log2(i + 2);
    }
    return found / ideal;
  }

  private static double log2(double x) {
    return Math.log(x) / Math.log(2);
  }

  private static Map<Integer, Map<String, Integer>> judgements(Path file) throws IOException {
    Map<Integer, Map<String, Integer>> judgements = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.strip().split("\\s+");
      int grade = Integer.parseInt(parts[2]);
      if (grade >= 1 && grade <= 4) {
        judgements
            .computeIfAbsent(Integer.parseInt(parts[0]), k -> new HashMap<>())
            .put(parts[1], 5 - grade);
      }
    }
    return judgements;
  }

  private static List<String[]> records(Path file) throws IOException {
    List<String[]> records = new ArrayList<>();
    String text = Files.readString(file).replaceAll("[ \\r]+\\n", "\n");
    for (String record : text.split("(?m)^\\.I ")) {
      if (!record.isBlank()) {
        int line = record.indexOf('\n');
        records.add(new String[] {record.substring(0, line), record.substring(line)});
      }
    }
    return records;
  }

  private static String field(String record, String tag) {
    Matcher matcher =
        Pattern.compile("(?s)\\n\\." + tag + "\\n(.*?)(?=\\n\\.[TABW]\\n|\\z)").matcher(record);
    return matcher.find() ? matcher.group(1) : "";
  }
}
