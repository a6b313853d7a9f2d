package dev.qwenmcp.server.cli;

/** A failure that the user can mend; the message says what is wrong and what to do. */
final class CliException extends Exception {
  private static final long serialVersionUID = 1L;

  CliException(String message) {
    super(message);
  }

  CliException(String message, Throwable cause) {
    super(message, cause);
  }
}
