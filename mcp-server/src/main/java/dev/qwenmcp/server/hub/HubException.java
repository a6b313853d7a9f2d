package dev.qwenmcp.server.hub;

/** A model that cannot be fetched; the message says why, and the remedy. */
public final class HubException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** What went wrong. */
  public enum Kind {
    /** The name is none, or leaves a choice. */
    NAME,
    /** No such repository, revision or file. */
    NOT_FOUND,
    /** The hub wants to know who asks, or does not let them. */
    UNAUTHORISED,
    /** The hub does not answer, or has too much to do. */
    UNREACHABLE,
    /** The hub's answer is none, or names files that it must not. */
    MALFORMED,
    /** What arrived is not what the hub says it has. */
    CHECKSUM,
    /** Too little room on the disk. */
    SPACE,
    /** Another process fetches the same. */
    LOCKED,
    /** The disk fails. */
    DISK
  }

  HubException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  HubException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
