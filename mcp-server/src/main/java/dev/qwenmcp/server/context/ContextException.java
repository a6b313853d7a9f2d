package dev.qwenmcp.server.context;

/** A context that is unknown, expired or full. */
public final class ContextException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Kinds of failure. */
  public enum Kind {
    UNKNOWN,
    EXPIRED,
    QUOTA
  }

  private final Kind kind;

  public ContextException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
