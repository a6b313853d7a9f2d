package dev.qwenmcp.server.label;

/** A label set cannot be used as asked; the message says why and what to do. */
public final class LabelSetException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it is. */
  public enum Kind {
    /** No set of the name. */
    UNKNOWN,
    /** A label or example that is not allowed. */
    INVALID,
    /** More than is kept. */
    QUOTA,
    /** The disk under the sets fails; nothing has been changed. */
    STORAGE,
    /** The embedding model cannot be used. */
    EMBEDDING
  }

  private final Kind kind;

  public LabelSetException(Kind kind, String message) {
    this(kind, message, null);
  }

  public LabelSetException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
