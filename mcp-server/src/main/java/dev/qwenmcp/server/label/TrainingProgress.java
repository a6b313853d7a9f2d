package dev.qwenmcp.server.label;

/** Hears how far the preparation of a label set is. */
@FunctionalInterface
public interface TrainingProgress {
  /**
   * @param step what is being done, such as "embedding"
   * @param done of {@code all} pieces of the step
   */
  void told(String step, int done, int all);
}
