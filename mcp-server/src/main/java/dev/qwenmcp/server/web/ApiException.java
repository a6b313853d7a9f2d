package dev.qwenmcp.server.web;

/** A request that cannot be answered. */
final class ApiException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  private final int status;

  private ApiException(int status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  static ApiException badRequest(String message) {
    return new ApiException(BAD_REQUEST, message, null);
  }

  /** Nothing of the kind, or nothing of the asker's. */
  static ApiException notFound(String message) {
    return new ApiException(NOT_FOUND, message, null);
  }

  /** A store does not do what it should at the moment. */
  static ApiException unavailable(Exception cause) {
    return new ApiException(UNAVAILABLE, cause.getMessage(), cause);
  }

  /** Of HTTP. */
  int status() {
    return status;
  }
}
