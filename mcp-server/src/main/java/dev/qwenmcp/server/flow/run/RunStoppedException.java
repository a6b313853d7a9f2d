package dev.qwenmcp.server.flow.run;

/** A run was cancelled or its time ended; it can go on later. */
final class RunStoppedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean timedOut;

  RunStoppedException(boolean timedOut) {
    super(timedOut ? "its time ended" : "it was cancelled");
    this.timedOut = timedOut;
  }

  boolean timedOut() {
    return timedOut;
  }
}
