package dev.qwenmcp.engine.grammar;

/** A grammar, schema or expression that cannot be compiled. */
public final class GrammarException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String where;
  private final String problem;

  /**
   * @param where the place in the source: a JSON pointer such as {@code #/properties/a}, or a name
   * @param problem what is wrong there and what to do
   */
  public GrammarException(String where, String problem) {
    super(where + ": " + problem);
    this.where = where;
    this.problem = problem;
  }

  /** The place in the source. */
  public String where() {
    return where;
  }

  /** What is wrong there and what to do. */
  public String problem() {
    return problem;
  }
}
