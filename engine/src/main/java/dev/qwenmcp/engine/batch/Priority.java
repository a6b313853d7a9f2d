package dev.qwenmcp.engine.batch;

/** Who goes first where sequences wait. */
public enum Priority {
  /** Somebody waits for the answer. */
  INTERACTIVE,
  /** Work in the background: served while nothing interactive waits. */
  JOB
}
