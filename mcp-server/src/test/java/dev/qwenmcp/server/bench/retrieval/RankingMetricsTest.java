package dev.qwenmcp.server.bench.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Against examples worked out by hand from trec_eval's definitions. */
class RankingMetricsTest {
  private static final Map<String, Integer> GAINS = Map.of("a", 3, "b", 2, "c", 1, "d", 0);

  /** Gains along the ranking: 2, 0, 3, 0 (d is judged not relevant, x is not judged). */
  private static final List<String> RANKING = List.of("b", "x", "a", "d");

  @Test
  void ndcgIsDiscountedByTheLogarithmOfTheRank() {
    // DCG = 2/log2(2) + 3/log2(4) = 3.5; ideal = 3/1 + 2/log2(3) + 1/log2(4) = 4.761860
    assertThat(RankingMetrics.ndcg(RANKING, GAINS, 10)).isEqualTo(0.735007, within(1e-6));
    // cut at 2: DCG = 2; ideal = 3 + 2/log2(3) = 4.261860
    assertThat(RankingMetrics.ndcg(RANKING, GAINS, 2)).isEqualTo(0.469279, within(1e-6));
    assertThat(RankingMetrics.ndcg(List.of("a", "b", "c"), GAINS, 10)).isEqualTo(1, within(1e-12));
  }

  @Test
  void recallCountsRelevantDocumentsAlone() {
    assertThat(RankingMetrics.recall(RANKING, GAINS, 10)).isEqualTo(2 / 3.0);
    assertThat(RankingMetrics.recall(RANKING, GAINS, 2)).isEqualTo(1 / 3.0);
  }

  @Test
  void reciprocalRankIsThatOfTheFirstRelevantDocument() {
    assertThat(RankingMetrics.reciprocalRank(RANKING, GAINS, 10)).isEqualTo(1);
    assertThat(RankingMetrics.reciprocalRank(List.of("d", "x", "c"), GAINS, 10)).isEqualTo(1 / 3.0);
    assertThat(RankingMetrics.reciprocalRank(List.of("d", "x", "c"), GAINS, 2)).isZero();
  }

  @Test
  void nothingFoundOrNothingToFindIsZero() {
    assertThat(RankingMetrics.ndcg(List.of(), GAINS, 10)).isZero();
    assertThat(RankingMetrics.ndcg(RANKING, Map.of(), 10)).isZero();
    assertThat(RankingMetrics.recall(RANKING, Map.of(), 10)).isZero();
    assertThat(RankingMetrics.reciprocalRank(List.of(), GAINS, 10)).isZero();
  }
}
