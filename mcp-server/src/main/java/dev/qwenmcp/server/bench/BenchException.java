package dev.qwenmcp.server.bench;

/** A measurement that cannot be made; the message says why and what to do. */
public final class BenchException extends Exception {
  private static final long serialVersionUID = 1;

  public BenchException(String message) {
    super(message);
  }

  public BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
