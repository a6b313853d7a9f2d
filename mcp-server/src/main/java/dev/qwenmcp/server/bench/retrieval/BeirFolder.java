package dev.qwenmcp.server.bench.retrieval;

import dev.qwenmcp.server.knowledge.SourceDocument;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a judged collection in the layout of BEIR (Thakur et al. 2021):
 *
 * <pre>
 *   corpus.jsonl    {"_id": …, "title": …, "text": …} a line; the title may be missing
 *   queries.jsonl   {"_id": …, "text": …} a line
 *   qrels/test.tsv  a heading, then query, document and gain, separated by tabs
 * </pre>
 *
 * <p>Where there is no {@code qrels/test.tsv}, {@code qrels.tsv} or the only file in {@code qrels}
 * serves. Queries without a relevant document are left out, as is usual.
 */
public final class BeirFolder {
  private static final String CORPUS = "corpus.jsonl";

  private BeirFolder() {}

  /** Whether a folder has this layout. */
  public static boolean is(Path folder) {
    return Files.isRegularFile(folder.resolve(CORPUS));
  }

  /**
   * Reads a collection; its name is the folder's.
   *
   * @throws IOException if a file is missing or not as it should be; the message names it and the
   *     line
   */
  public static JudgedCollection read(Path folder) throws IOException {
    List<SourceDocument> documents = new ArrayList<>();
    each(
        folder.resolve(CORPUS),
        node -> {
          String text = node.path("text").asString("");
          String title = node.path("title").asString("");
          if (!text.isBlank() || !title.isBlank()) {
            documents.add(
                new SourceDocument(
                    node.path("_id").asString(""), title, text.isBlank() ? title : text));
          }
        });
    Map<String, Map<String, Integer>> gains = gains(judgements(folder));
    List<JudgedCollection.Query> queries = new ArrayList<>();
    each(
        folder.resolve("queries.jsonl"),
        node -> {
          Map<String, Integer> relevant = gains.get(node.path("_id").asString(""));
          if (relevant != null) {
            queries.add(new JudgedCollection.Query(node.path("text").asString(""), relevant));
          }
        });
    return new JudgedCollection(folder.getFileName().toString(), documents, queries);
  }

  private static Path judgements(Path folder) throws IOException {
    List<Path> candidates = new ArrayList<>();
    candidates.add(folder.resolve("qrels/test.tsv"));
    candidates.add(folder.resolve("qrels.tsv"));
    if (Files.isDirectory(folder.resolve("qrels"))) {
      try (DirectoryStream<Path> others =
          Files.newDirectoryStream(folder.resolve("qrels"), "*.tsv")) {
        others.forEach(candidates::add);
      }
    }
    return candidates.stream()
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(() -> new IOException(folder + " has no qrels/test.tsv"));
  }

  private static Map<String, Map<String, Integer>> gains(Path file) throws IOException {
    Map<String, Map<String, Integer>> gains = new HashMap<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String[] parts = lines.get(i).split("\t");
      if (lines.get(i).isBlank() || (i == 0 && parts[0].startsWith("query"))) {
        continue;
      }
      try {
        int gain = Integer.parseInt(parts[2].strip());
        if (gain > 0) {
          gains.computeIfAbsent(parts[0], _ -> new HashMap<>()).put(parts[1], gain);
        }
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        throw new IOException(
            "%s, line %d: expected query, document and gain, got \"%s\""
                .formatted(file, i + 1, lines.get(i)),
            e);
      }
    }
    return gains;
  }

  private static void each(Path file, Consumer<JsonNode> consumer) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        try {
          consumer.accept(JsonMapper.shared().readTree(line));
        } catch (JacksonException e) {
          throw new IOException("%s, line %d is not JSON".formatted(file, number), e);
        }
      }
    }
  }
}
