package dev.qwenmcp.engine.batch;

/**
 * How many sequences an engine serves.
 *
 * @param slots sequences that run at a time
 * @param queue sequences that may wait for these
 */
public record SchedulerOptions(int slots, int queue) {
  /** Four at a time still answer at reading speed; 64 wait as long as clients do. */
  public static final SchedulerOptions DEFAULT = new SchedulerOptions(4, 64);

  public SchedulerOptions {
    if (slots < 1 || queue < 0) {
      throw new IllegalArgumentException(
          "slots is at least 1 and queue at least 0: " + slots + ", " + queue);
    }
  }
}
