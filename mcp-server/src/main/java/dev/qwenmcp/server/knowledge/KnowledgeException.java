package dev.qwenmcp.server.knowledge;

/** A collection that is not there, documents that do not fit, or a place that cannot be used. */
public final class KnowledgeException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Kinds of failure. */
  public enum Kind {
    /** No such collection, or somebody else's. */
    UNKNOWN_COLLECTION,
    /** Over a limit. */
    QUOTA,
    /** A document that breaks its own rules. */
    INVALID_DOCUMENT,
    /** The files are not what was written. */
    DAMAGED,
    /** Written by a newer version of this program. */
    NEWER_FORMAT,
    /** No space left. */
    STORAGE_FULL,
    /** The folder may not be written. */
    STORAGE_READ_ONLY,
    /** Other servers wrote for too long. */
    STORAGE_BUSY,
    /** Reading or writing fails. */
    STORAGE_FAILED
  }

  private final Kind kind;

  public KnowledgeException(Kind kind, String message) {
    this(kind, message, null);
  }

  /**
   * @param message what happened, where, and what to do
   */
  public KnowledgeException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
