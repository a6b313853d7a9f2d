package dev.qwenmcp.server.knowledge;

/** An embedding model that cannot be loaded or run; the message says why, for the user. */
public final class EmbeddingException extends Exception {
  private static final long serialVersionUID = 1L;

  public EmbeddingException(String message, Throwable cause) {
    super(message, cause);
  }
}
