package dev.qwenmcp.server.context;

import java.time.Instant;

/** A context that is unknown, expired, closed or full, or a store that cannot do what it should. */
public sealed class ContextException extends Exception
    permits ExpiredContextException, VersionConflictException, StorageException {
  private static final long serialVersionUID = 1L;

  /** Kinds of failure. */
  public enum Kind {
    /** No such context, or somebody else's. */
    UNKNOWN,
    /** Not used for its lifetime: an {@link ExpiredContextException}. */
    EXPIRED,
    /** Closed by its owner. */
    CLOSED,
    /** Has grown since the caller looked: a {@link VersionConflictException}. */
    CONFLICT,
    /** Over a limit. */
    QUOTA,
    /** The disk or the database: a {@link StorageException}. */
    STORAGE
  }

  private final Kind kind;

  public ContextException(Kind kind, String message) {
    this(kind, message, null);
  }

  ContextException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** A handle that means nothing to the caller, whether or not it does to somebody else. */
  public static ContextException unknown(ContextId id) {
    return new ContextException(
        Kind.UNKNOWN,
        "context %s is unknown; open one and pass the context_id that comes back".formatted(id));
  }

  /** A context that its owner closed. */
  public static ContextException closed(ContextId id, Instant when) {
    return new ContextException(
        Kind.CLOSED, "context %s was closed at %s; open a new one".formatted(id, when));
  }

  /**
   * Throws if more is wanted than allowed.
   *
   * @param what is limited
   * @param remedy what the caller can do
   */
  public static void requireWithin(long wanted, long limit, String what, String remedy)
      throws ContextException {
    if (wanted > limit) {
      throw new ContextException(
          Kind.QUOTA, "%s: %d wanted, %d allowed; %s".formatted(what, wanted, limit, remedy));
    }
  }
}
