package dev.qwenmcp.engine;

/** More tokens than the context holds. */
public final class ContextOverflowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int tokens;
  private final int limit;

  public ContextOverflowException(int tokens, int limit) {
    super(
        tokens
            + " tokens do not fit the context of "
            + limit
            + "; shorten the text or raise the context size");
    this.tokens = tokens;
    this.limit = limit;
  }

  /** Tokens that were asked for. */
  public int tokens() {
    return tokens;
  }

  /** Tokens that fit. */
  public int limit() {
    return limit;
  }
}
