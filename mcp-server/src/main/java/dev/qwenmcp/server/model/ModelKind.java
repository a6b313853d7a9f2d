package dev.qwenmcp.server.model;

/** Where a model comes from. */
public enum ModelKind {
  /** Inside the program. */
  EMBEDDED,
  /** A file of the user's. */
  FILE,
  /** A file that {@code qwen-mcp pull} fetched. */
  PULLED,
  /** Behind a server elsewhere. */
  REMOTE
}
