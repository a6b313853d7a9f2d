package dev.qwenmcp.server.label;

import java.time.Instant;
import java.util.List;

/**
 * A stored set without its examples.
 *
 * @param id that stays while the set lives
 * @param name unique for its principal
 * @param revision goes up with every change
 * @param labels in the order in which they came
 * @param bytes what its texts take
 * @param created when it was defined
 * @param changed when it was changed last
 */
public record LabelSetInfo(
    long id,
    String name,
    long revision,
    List<Label> labels,
    long bytes,
    Instant created,
    Instant changed) {

  /**
   * A label.
   *
   * @param name unique in its set
   * @param description what it means, possibly empty
   * @param examples how many there are
   */
  public record Label(String name, String description, int examples) {}

  /** How many examples there are. */
  public int examples() {
    return labels.stream().mapToInt(Label::examples).sum();
  }
}
