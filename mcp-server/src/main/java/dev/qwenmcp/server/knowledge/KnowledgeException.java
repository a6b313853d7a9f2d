package dev.qwenmcp.server.knowledge;

/** A collection that is not there, or documents that do not fit. */
public final class KnowledgeException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Kinds of failure. */
  public enum Kind {
    UNKNOWN_COLLECTION,
    QUOTA
  }

  private final Kind kind;

  public KnowledgeException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
