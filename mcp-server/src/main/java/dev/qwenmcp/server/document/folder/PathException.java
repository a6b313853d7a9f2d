package dev.qwenmcp.server.document.folder;

/** A path that may not or cannot be read, with what to do. */
public final class PathException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Kinds of failure. */
  public enum Kind {
    /** Outside of what the server may read. */
    NOT_ALLOWED,
    /** Nothing there. */
    NOT_FOUND,
    /** No path, no pattern, neither a file nor a folder. */
    INVALID,
    /** Too many files. */
    TOO_LARGE,
    /** Reading fails. */
    FAILED
  }

  private final Kind kind;

  public PathException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public PathException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
