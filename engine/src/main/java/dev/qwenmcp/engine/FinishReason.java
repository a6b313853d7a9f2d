package dev.qwenmcp.engine;

/** Why a generation ended. */
public enum FinishReason {
  /** The model ended its turn, a stop string appeared, or the constraint was complete. */
  STOP,
  /** {@code maxTokens} were generated. */
  LENGTH,
  /** The time budget ran out. */
  TIME,
  /** The model's context is full. */
  CONTEXT_FULL,
  /** The caller cancelled. */
  CANCELLED
}
