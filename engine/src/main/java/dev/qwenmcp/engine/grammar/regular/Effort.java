package dev.qwenmcp.engine.grammar.regular;

/**
 * How much work may still be done for one grammar; not for several threads.
 *
 * <p>A unit stands for some ten nanoseconds, so that {@link #DEFAULT} units end within about a
 * second: automata of expressions can be exponentially large.
 */
public final class Effort {
  /** Thousands of times what the schemas seen in practice take. */
  public static final long DEFAULT = 20_000_000;

  private long left;

  public Effort() {
    this(DEFAULT);
  }

  public Effort(long units) {
    left = units;
  }

  /**
   * Takes units.
   *
   * @throws RegularLanguageException if they are used up
   */
  public void spend(long units) {
    left -= units;
    if (left < 0) {
      throw new RegularLanguageException(
          "it needs too large an automaton; use smaller repetition bounds or a simpler expression");
    }
  }
}
