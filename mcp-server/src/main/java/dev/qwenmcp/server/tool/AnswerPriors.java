package dev.qwenmcp.server.tool;

import java.util.LinkedHashMap;
import java.util.Map;

/** Log-probabilities of answers about a text without content; safe for many threads. */
final class AnswerPriors {
  private static final int MOST = 256;

  private final Map<String, double[]> known = new LinkedHashMap<>(16, 0.75f, true);

  /** What was kept under a key, empty if nothing, or no longer. */
  synchronized double[] get(String key) {
    return known.getOrDefault(key, new double[0]);
  }

  synchronized void put(String key, double[] prior) {
    known.put(key, prior.clone());
    if (known.size() > MOST) {
      known.remove(known.keySet().iterator().next());
    }
  }
}
