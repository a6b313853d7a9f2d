package dev.qwenmcp.server.transport.http.security;

import java.io.IOException;

/** A certificate or key cannot be used; the message says why and what to do. */
public final class TlsException extends IOException {
  private static final long serialVersionUID = 1L;

  TlsException(String message) {
    super(message);
  }

  TlsException(String message, Throwable cause) {
    super(message, cause);
  }
}
