package dev.qwenmcp.server.knowledge;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reciprocal rank fusion (Cormack, Clarke & Büttcher 2009): a passage gets weight / (60 + rank)
 * from each list that has it. Only ranks count, so scores of any scale can be fused.
 */
final class ReciprocalRanks {
  /** The paper's constant. */
  static final int K = 60;

  private final Map<Long, Double> scores = new HashMap<>();

  /** Adds a list, best first. */
  ReciprocalRanks add(List<Hit> list, double weight) {
    for (int rank = 1; rank <= list.size(); rank++) {
      scores.merge(list.get(rank - 1).id(), weight / (K + rank), Double::sum);
    }
    return this;
  }

  /** All passages, best first; the older first among equals. */
  List<Hit> ranking() {
    return scores.entrySet().stream()
        .map(e -> new Hit(e.getKey(), e.getValue()))
        .sorted(Comparator.comparingDouble(Hit::score).reversed().thenComparingLong(Hit::id))
        .toList();
  }
}
