package dev.qwenmcp.engine.grammar.schema;

/** In which order the members of objects may be written. */
public enum MemberOrder {
  /** In any: an object is the same in each. */
  ANY,
  /**
   * Declared members in the order of the schema (those of the schema itself, then those that {@code
   * allOf} and the like add), others after them.
   */
  DECLARED
}
