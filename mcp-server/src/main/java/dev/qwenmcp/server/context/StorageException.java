package dev.qwenmcp.server.context;

/** The disk or the database under a store fails; nothing of the operation has been done. */
public final class StorageException extends ContextException {
  private static final long serialVersionUID = 1L;

  /** What fails. */
  public enum Fault {
    /** No space left. */
    FULL,
    /** The directory or file may not be written. */
    READ_ONLY,
    /** Reading or writing fails. */
    IO,
    /** Other programs held the lock for too long. */
    BUSY,
    /** The data are not what was written. */
    DAMAGED,
    /** The database server does not answer. */
    UNREACHABLE,
    /** Written by a newer version of this program. */
    NEWER
  }

  private final Fault fault;

  /**
   * @param message what happened, where, and what to do
   */
  public StorageException(Fault fault, String message, Throwable cause) {
    super(Kind.STORAGE, message, cause);
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }
}
