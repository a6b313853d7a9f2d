package dev.qwenmcp.server.bench;

import java.util.Arrays;
import java.util.List;

/**
 * Repeated measurements of one quantity.
 *
 * @param values in the order in which they were measured, at least one
 */
public record Sample(List<Double> values) {
  public Sample {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("a sample holds at least one value");
    }
  }

  /** The middle value; of an even number, the mean of the middle two. */
  public double median() {
    double[] sorted = sorted();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  public double least() {
    return sorted()[0];
  }

  public double most() {
    return sorted()[values.size() - 1];
  }

  /** Half of the distance from least to most as a share of the median. */
  public double spread() {
    return (most() - least()) / 2 / median();
  }

  private double[] sorted() {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }
}
