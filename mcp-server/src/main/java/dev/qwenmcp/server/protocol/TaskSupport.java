package dev.qwenmcp.server.protocol;

/** Whether calls of a tool may be answered by a task, where the client knows tasks. */
public enum TaskSupport {
  /** They are answered at once. */
  NONE,
  /** They become tasks unless they end in a moment; other clients wait. */
  OPTIONAL,
  /** They become tasks; other clients are refused. */
  REQUIRED
}
