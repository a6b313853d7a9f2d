package dev.qwenmcp.server.flow.run;

/** Runs cannot be read or written. */
public final class RunStoreException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Somebody is running it. */
  public static final String BUSY_RUN = "run_busy";

  /** The disk or the database does not do what it should. */
  public static final String STORAGE = "storage_failed";

  private final String code;

  public RunStoreException(String code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** As failures of tools name it. */
  public String code() {
    return code;
  }
}
