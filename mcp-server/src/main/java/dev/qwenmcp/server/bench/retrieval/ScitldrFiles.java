package dev.qwenmcp.server.bench.retrieval;

import dev.qwenmcp.server.knowledge.SourceDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads SciTLDR (Cachola et al. 2020), abstracts of papers with summaries of one sentence by
 * authors and readers, as a task of finding the abstract by its summary: it alone is relevant.
 */
public final class ScitldrFiles {
  private ScitldrFiles() {}

  /**
   * Reads both files of a folder.
   *
   * @param folder holds {@code dev.jsonl} and {@code test.jsonl}
   * @throws IOException if they cannot be read or are not JSON
   */
  public static JudgedCollection read(Path folder) throws IOException {
    List<SourceDocument> documents = new ArrayList<>();
    List<JudgedCollection.Query> queries = new ArrayList<>();
    for (String name : List.of("dev.jsonl", "test.jsonl")) {
      for (String line : Files.readAllLines(folder.resolve(name))) {
        try {
          JsonNode paper = JsonMapper.shared().readTree(line);
          String id = Integer.toString(documents.size());
          StringJoiner text = new StringJoiner(" ");
          paper.path("source").forEach(sentence -> text.add(sentence.asString().strip()));
          documents.add(new SourceDocument(id, "", text.toString()));
          paper
              .path("target")
              .forEach(summary ->
                  queries.add(new JudgedCollection.Query(summary.asString(), Map.of(id, 1))));
        } catch (JacksonException e) {
          throw new IOException(folder.resolve(name) + " is not JSON: " + e.getMessage(), e);
        }
      }
    }
    return new JudgedCollection("SciTLDR", documents, queries);
  }
}
