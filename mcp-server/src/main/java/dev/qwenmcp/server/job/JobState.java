package dev.qwenmcp.server.job;

import java.util.Arrays;
import java.util.Locale;

/** Where a job stands. */
public enum JobState {
  /** Others go first. */
  QUEUED(false),
  RUNNING(false),
  /** It waits for answers of the client. */
  INPUT_REQUIRED(false),
  /** It has a result. */
  FINISHED(true),
  /** It ended without one. */
  FAILED(true),
  /** Its principal has called it off. */
  CANCELLED(true),
  /** The server that ran it has ended. */
  INTERRUPTED(true);

  private final boolean end;

  JobState(boolean end) {
    this.end = end;
  }

  /** Whether nothing more happens. */
  public boolean ended() {
    return end;
  }

  /** As results and the store name it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException if no state has this name
   */
  public static JobState of(String word) {
    return Arrays.stream(values())
        .filter(state -> state.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no state of a job: " + word));
  }
}
