package dev.qwenmcp.server.bench.retrieval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads judgements and runs in the formats of trec_eval, as trec_eval reads them. */
public final class TrecFiles {
  private static final int JUDGEMENT_COLUMNS = 4;
  private static final int RUN_COLUMNS = 6;

  private TrecFiles() {}

  private record Scored(String document, float score) {}

  /**
   * Reads judgements: query, a column that is ignored, document, relevance.
   *
   * @return for each query what its judged documents are worth
   * @throws IOException if the file cannot be read; the message names the line
   */
  public static Map<String, Map<String, Integer>> judgements(Path file) throws IOException {
    Map<String, Map<String, Integer>> judgements = new LinkedHashMap<>();
    for (String[] line : lines(file, JUDGEMENT_COLUMNS)) {
      judgements
          .computeIfAbsent(line[0], _ -> new LinkedHashMap<>())
          .put(line[2], Integer.parseInt(line[3]));
    }
    return judgements;
  }

  /**
   * Reads a run: query, a column that is ignored, document, rank, score, name of the run. As in
   * trec_eval only scores count and not ranks, and they have the precision of float32; of equal
   * scores the later name comes first.
   *
   * @return for each query its documents, best first
   * @throws IOException if the file cannot be read; the message names the line
   */
  public static Map<String, List<String>> run(Path file) throws IOException {
    Map<String, List<Scored>> scores = new LinkedHashMap<>();
    for (String[] line : lines(file, RUN_COLUMNS)) {
      scores
          .computeIfAbsent(line[0], _ -> new ArrayList<>())
          .add(new Scored(line[2], Float.parseFloat(line[4])));
    }
    Map<String, List<String>> rankings = new LinkedHashMap<>();
    scores.forEach((query, scored) ->
        rankings.put(
            query,
            scored.stream()
                .sorted(
                    Comparator.comparing(Scored::score).thenComparing(Scored::document).reversed())
                .map(Scored::document)
                .toList()));
    return rankings;
  }

  private static List<String[]> lines(Path file, int columns) throws IOException {
    List<String[]> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (line.isBlank()) {
        continue;
      }
      String[] parts = line.strip().split("\\s+");
      if (parts.length < columns) {
        throw new IOException("%s: expected %d columns, got \"%s\"".formatted(file, columns, line));
      }
      lines.add(parts);
    }
    return lines;
  }
}
