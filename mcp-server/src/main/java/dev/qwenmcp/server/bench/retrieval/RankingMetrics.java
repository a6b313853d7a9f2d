package dev.qwenmcp.server.bench.retrieval;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * How good a ranking is, by the definitions of trec_eval.
 *
 * <p>Gains are what the judgements give a document, more for a better one; documents that are not
 * judged, or judged 0 or less, are not relevant.
 */
public final class RankingMetrics {
  private RankingMetrics() {}

  /**
   * Normalised discounted cumulative gain of the first {@code k} (trec_eval's {@code ndcg_cut}):
   * sum of gain / log2(rank + 1), divided by that of the best possible ranking.
   *
   * @return 0 to 1; 0 if nothing is relevant
   */
  public static double ndcg(List<String> ranking, Map<String, Integer> gains, int k) {
    double found = 0;
    for (int i = 0; i < Math.min(k, ranking.size()); i++) {
      found += discounted(Math.max(0, gains.getOrDefault(ranking.get(i), 0)), i);
    }
    List<Integer> best =
        gains.values().stream().filter(g -> g > 0).sorted(Comparator.reverseOrder()).toList();
    double ideal = 0;
    for (int i = 0; i < Math.min(k, best.size()); i++) {
      ideal += discounted(best.get(i), i);
    }
    return ideal == 0 ? 0 : found / ideal;
  }

  private static double discounted(int gain, int index) {
    return gain * Math.log(2) / Math.log(index + 2);
  }

  /**
   * Share of the relevant documents among the first {@code k} (trec_eval's {@code recall}).
   *
   * @return 0 to 1; 0 if nothing is relevant
   */
  public static double recall(List<String> ranking, Map<String, Integer> gains, int k) {
    long relevant = gains.values().stream().filter(gain -> gain > 0).count();
    long found = ranking.stream().limit(k).filter(id -> gains.getOrDefault(id, 0) > 0).count();
    return relevant == 0 ? 0 : (double) found / relevant;
  }

  /**
   * Mean over the relevant documents of the precision at the rank of each, 0 for one that is not
   * among the first {@code k} (trec_eval's {@code map_cut}, and {@code map} without a cut); its
   * mean over queries is the MAP.
   *
   * @return 0 to 1; 0 if nothing is relevant
   */
  public static double averagePrecision(List<String> ranking, Map<String, Integer> gains, int k) {
    long relevant = gains.values().stream().filter(gain -> gain > 0).count();
    double sum = 0;
    int found = 0;
    for (int i = 0; i < Math.min(k, ranking.size()); i++) {
      if (gains.getOrDefault(ranking.get(i), 0) > 0) {
        found++;
        sum += (double) found / (i + 1);
      }
    }
    return relevant == 0 ? 0 : sum / relevant;
  }

  /**
   * One over the rank of the first relevant document among the first {@code k} (trec_eval's {@code
   * recip_rank}, cut off); its mean over queries is the MRR.
   *
   * @return 0 to 1; 0 if none is found
   */
  public static double reciprocalRank(List<String> ranking, Map<String, Integer> gains, int k) {
    for (int i = 0; i < Math.min(k, ranking.size()); i++) {
      if (gains.getOrDefault(ranking.get(i), 0) > 0) {
        return 1.0 / (i + 1);
      }
    }
    return 0;
  }
}
