package dev.qwenmcp.engine.grammar.regular;

/** An expression that is malformed, uses what is not supported, or needs too large an automaton. */
public final class RegularLanguageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RegularLanguageException(String message) {
    super(message);
  }
}
