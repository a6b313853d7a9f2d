package dev.qwenmcp.server.remote;

/** A remote model that did not answer; the message says which address did what, and the remedy. */
public final class RemoteException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** What went wrong. */
  public enum Kind {
    /** No address answers, or all were found not to and are left alone for a while. */
    UNREACHABLE,
    /** The server has too much to do. */
    BUSY,
    /** The server does not take this request; asking again would not help. */
    REFUSED,
    /** The key is missing or not allowed. */
    UNAUTHORISED,
    /** It answered too slowly. */
    TIMEOUT,
    /** What came back is no answer, or broke off. */
    MALFORMED
  }

  RemoteException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  RemoteException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** Whether another address, or this one later, may do better. */
  boolean worthAnotherTry() {
    return switch (kind) {
      case UNREACHABLE, BUSY, TIMEOUT, MALFORMED -> true;
      case REFUSED, UNAUTHORISED -> false;
    };
  }

  /** Whether it says something about the health of the address. */
  boolean addressFailed() {
    return switch (kind) {
      case UNREACHABLE, TIMEOUT, MALFORMED -> true;
      case BUSY, REFUSED, UNAUTHORISED -> false;
    };
  }
}
