package dev.qwenmcp.engine.kernel;

/** A native kernel refused its arguments, or found no memory; nothing was computed. */
public final class KernelException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final int NO_MEMORY = 5; // QK_NO_MEMORY

  private final String operation;
  private final int status;

  KernelException(String operation, int status, String message) {
    super(
        operation
            + ": "
            + message
            + (status == NO_MEMORY ? "; take a smaller batch or free memory" : ""));
    this.operation = operation;
    this.status = status;
  }

  /** The method of {@link Kernels}. */
  public String operation() {
    return operation;
  }

  /** The status of {@code native/include/qk.h}. */
  public int status() {
    return status;
  }
}
