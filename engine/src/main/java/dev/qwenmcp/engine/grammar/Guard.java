package dev.qwenmcp.engine.grammar;

/**
 * When an edge of a rule may be taken, and what is remembered of it.
 *
 * <p>Each call of a rule has a counter that starts at 0. A rule of objects remembers the members
 * that have come instead; what may come is decided by its {@link MemberLimits}.
 */
public sealed interface Guard {
  /** An edge that may always be taken. */
  Guard NONE = new Count(0, Integer.MAX_VALUE, false);

  /**
   * Depends on the counter.
   *
   * @param least fewest counted so far
   * @param most most counted so far
   * @param counts whether taking the edge counts
   */
  record Count(int least, int most, boolean counts) implements Guard {}

  /** One of the declared members with these numbers, both included, may come next. */
  record AnyOf(int first, int last) implements Guard {}

  /** The declared member of this number may come next; it has come afterwards. */
  record Member(int number) implements Guard {}

  /**
   * A member that is not declared may come next. Only edges that read its name have this guard; the
   * name is read by a terminal of {@link TextTerminal#once} and comes once only.
   */
  record Other() implements Guard {}

  /** Any member may come next. */
  record More() implements Guard {}

  /** The object may end. */
  record Complete() implements Guard {}
}
