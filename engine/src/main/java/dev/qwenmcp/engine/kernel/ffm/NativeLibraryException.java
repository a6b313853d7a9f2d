package dev.qwenmcp.engine.kernel.ffm;

/** Why the native kernels cannot be used here; the message ends with what to do about it. */
public final class NativeLibraryException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public NativeLibraryException(String message) {
    super(message);
  }

  public NativeLibraryException(String message, Throwable cause) {
    super(message, cause);
  }
}
