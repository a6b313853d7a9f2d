package dev.qwenmcp.server.bench.retrieval;

import dev.qwenmcp.server.knowledge.SourceDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads CMRC 2018 (Cui et al. 2019), questions about paragraphs of the Chinese Wikipedia, as a task
 * of finding the paragraph: it alone is relevant.
 */
public final class CmrcFile {
  private CmrcFile() {}

  /**
   * Reads a file in SQuAD's format.
   *
   * @throws IOException if it cannot be read or is not JSON
   */
  public static JudgedCollection read(Path file) throws IOException {
    List<SourceDocument> documents = new ArrayList<>();
    List<JudgedCollection.Query> queries = new ArrayList<>();
    try {
      for (JsonNode article : JsonMapper.shared().readTree(Files.readString(file)).get("data")) {
        for (JsonNode paragraph : article.get("paragraphs")) {
          String id = Integer.toString(documents.size());
          documents.add(new SourceDocument(id, "", paragraph.get("context").asString()));
          for (JsonNode question : paragraph.get("qas")) {
            queries.add(
                new JudgedCollection.Query(question.get("question").asString(), Map.of(id, 1)));
          }
        }
      }
    } catch (JacksonException e) {
      throw new IOException(file + " is not JSON: " + e.getMessage(), e);
    }
    return new JudgedCollection("CMRC 2018", documents, queries);
  }
}
