package dev.qwenmcp.server.protocol;

/** What went wrong in a tool, in words that help the caller to mend it. */
public final class ToolException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * @param code stable, machine-readable: {@code "unknown_context"}, {@code "text_too_long"}
   * @param message what was wrong, what was expected, what to do
   */
  public ToolException(String code, String message) {
    super(message);
    this.code = code;
  }

  public String code() {
    return code;
  }
}
