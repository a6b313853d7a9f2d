package dev.qwenmcp.server.document;

/** A document that cannot be read, with the reason for people. */
public final class DocumentException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Kinds of failure. */
  public enum Kind {
    /** No document, or one of a kind that is not read, such as an image. */
    UNSUPPORTED,
    /** Needs a password. */
    ENCRYPTED,
    /** Not what its format asks for. */
    DAMAGED,
    /** Over a limit. */
    TOO_LARGE,
    /** Reading it took too long. */
    TIME_EXCEEDED,
    /** It has no text. */
    EMPTY,
    /** The file or the process that reads it fails. */
    FAILED
  }

  private final Kind kind;

  /**
   * @param message what is wrong and what to do
   */
  public DocumentException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public DocumentException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
