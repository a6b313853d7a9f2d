package dev.qwenmcp.server.install;

/** Says why a client's configuration is left as it is, and what to do. */
public final class InstallException extends Exception {
  private static final long serialVersionUID = 1;

  public InstallException(String message) {
    super(message);
  }

  public InstallException(String message, Throwable cause) {
    super(message, cause);
  }
}
