package dev.qwenmcp.server.flow.run;

import java.util.Locale;
import java.util.Optional;

/** Where a run stands. */
public enum RunState {
  /** Its steps are being run, or were when its server ended; which of the two, its owner tells. */
  RUNNING,
  /** All steps are done. */
  FINISHED,
  /** A step failed. */
  FAILED,
  /** Cancelled, or its time ended. */
  STOPPED;

  /** As results and the store write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The state of a word. */
  public static Optional<RunState> of(String word) {
    for (RunState state : values()) {
      if (state.word().equals(word)) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }
}
