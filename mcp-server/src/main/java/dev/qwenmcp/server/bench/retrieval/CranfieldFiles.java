package dev.qwenmcp.server.bench.retrieval;

import dev.qwenmcp.server.knowledge.SourceDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the Cranfield collection (Cleverdon 1967): abstracts on aerodynamics and questions about
 * them, in SMART's format, where a line such as {@code .W} begins a field.
 */
public final class CranfieldFiles {
  /** Codes of the judgements go from 1, a complete answer, to 4, of minimum interest. */
  private static final int WORST_CODE = 4;

  private CranfieldFiles() {}

  /**
   * The collection with gains from 1 to 4. Two of the 1,400 abstracts are empty and left out.
   *
   * @param folder holds {@code cran.all.1400}, {@code cran.qry} and {@code cranqrel}
   */
  public static JudgedCollection read(Path folder) throws IOException {
    List<SourceDocument> documents = new ArrayList<>();
    for (String[] record : records(folder.resolve("cran.all.1400"))) {
      String body = field(record[1], "W");
      if (!body.isBlank()) {
        documents.add(new SourceDocument(record[0], field(record[1], "T"), body));
      }
    }
    Map<Integer, Map<String, Integer>> judgements = judgements(folder.resolve("cranqrel"));
    List<JudgedCollection.Query> queries = new ArrayList<>();
    for (String[] record : records(folder.resolve("cran.qry"))) {
      // Judgements number the questions in their order and not by what stands in their records.
      queries.add(
          new JudgedCollection.Query(
              field(record[1], "W"), judgements.getOrDefault(queries.size() + 1, Map.of())));
    }
    return new JudgedCollection("Cranfield", documents, queries);
  }

  private static Map<Integer, Map<String, Integer>> judgements(Path file) throws IOException {
    Map<Integer, Map<String, Integer>> judgements = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.strip().split("\\s+");
      int code = Integer.parseInt(parts[2]);
      if (code >= 1 && code <= WORST_CODE) {
        judgements
            .computeIfAbsent(Integer.parseInt(parts[0]), _ -> new HashMap<>())
            .put(parts[1], WORST_CODE + 1 - code);
      }
    }
    return judgements;
  }

  /** Each record's number and the rest of it. */
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
