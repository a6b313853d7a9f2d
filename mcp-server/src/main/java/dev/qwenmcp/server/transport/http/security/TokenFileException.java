package dev.qwenmcp.server.transport.http.security;

import java.io.IOException;

/** The file of tokens cannot be used as it is. */
public final class TokenFileException extends IOException {
  private static final long serialVersionUID = 1L;

  TokenFileException(String message) {
    super(message);
  }

  TokenFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
