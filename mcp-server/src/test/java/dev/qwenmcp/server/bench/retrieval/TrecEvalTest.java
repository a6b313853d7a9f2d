package dev.qwenmcp.server.bench.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our measures are trec_eval's, on runs whose results by trec_eval were recorded. */
class TrecEvalTest {

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(TrecEvalTest.class.getResource(name).toURI());
  }

  private static double value(String measure, List<String> ranking, Map<String, Integer> gains) {
    int last = measure.lastIndexOf('_');
    int k =
        measure.substring(last + 1).matches("\\d+")
            ? Integer.parseInt(measure.substring(last + 1))
            : Integer.MAX_VALUE;
    return switch (k == Integer.MAX_VALUE ? measure : measure.substring(0, last)) {
      case "map", "map_cut" -> RankingMetrics.averagePrecision(ranking, gains, k);
      case "ndcg_cut" -> RankingMetrics.ndcg(ranking, gains, k);
      case "recall" -> RankingMetrics.recall(ranking, gains, k);
      case "recip_rank" -> RankingMetrics.reciprocalRank(ranking, gains, k);
      default -> throw new AssertionError(measure);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "ties", "short"})
  void everyMeasureOfEveryQueryIsTheSame(String name) throws Exception {
    Map<String, Map<String, Integer>> judgements =
        TrecFiles.judgements(resource("judgements.qrels"));
    Map<String, List<String>> run = TrecFiles.run(resource(name + ".run"));
    List<String> common = run.keySet().stream().filter(judgements::containsKey).toList();
    int compared = 0;
    for (String line : Files.readAllLines(resource(name + ".trec_eval"))) {
      String[] parts = line.split("\\s+");
      List<String> queries = parts[1].equals("all") ? common : List.of(parts[1]);
      double ours =
          queries.stream()
              .mapToDouble(query -> value(parts[0], run.get(query), judgements.get(query)))
              .average()
              .orElseThrow();
      // As C prints it: of a half, the even digit.
      assertThat(new BigDecimal(ours).setScale(4, RoundingMode.HALF_EVEN).toPlainString())
          .as(line)
          .isEqualTo(parts[2]);
      compared++;
    }
    assertThat(compared).isGreaterThan(250);
  }
}
