package dev.qwenmcp.engine.grammar;

/** A finished rule: every state leads to an end, and calls come only where text must be read. */
final class Rule {
  /** An edge; {@code terminal} is a number or -1, {@code rule} a rule or null. */
  record Edge(int terminal, Rule rule, int to, int least, int most, boolean counts) {
    boolean open(int count) {
      return count >= least && count <= most;
    }
  }

  final int id;
  final String name;
  Edge[][] edges; // by state; set once all rules exist
  final boolean[] ends;
  final int countLimit;

  /** A rule comes before those that it calls before it has read anything. */
  int rank;

  Rule(int id, String name, boolean[] ends, int countLimit) {
    this.id = id;
    this.name = name;
    this.ends = ends;
    this.countLimit = countLimit;
  }

  int count(int before, Edge edge) {
    return edge.counts ? Math.min(before + 1, countLimit) : before;
  }

  /** Whether nothing but the end can follow a state. */
  boolean onlyEnds(int state) {
    return ends[state] && edges[state].length == 0;
  }
}
