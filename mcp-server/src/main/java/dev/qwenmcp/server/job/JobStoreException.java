package dev.qwenmcp.server.job;

/** A job cannot be written down or read. */
public final class JobStoreException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The place of jobs is out of order. */
  public static final String STORAGE = "storage_failed";

  /** Too many jobs of one principal go on. */
  public static final String TOO_MANY = "too_many_jobs";

  private final String code;

  /**
   * @param code one of the constants
   * @param message what was wrong, what to do
   */
  public JobStoreException(String code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public String code() {
    return code;
  }
}
