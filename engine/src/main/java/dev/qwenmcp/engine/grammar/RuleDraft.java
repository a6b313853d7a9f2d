package dev.qwenmcp.engine.grammar;

import java.util.ArrayList;
import java.util.List;

/**
 * A rule while it is being described: a network of states that read terminals and call rules, whose
 * edges may be guarded.
 */
public final class RuleDraft {

  /** One edge: exactly one of terminal and rule is there, or none for an empty edge. */
  record Edge(Terminal terminal, RuleDraft rule, int to, Guard guard) {
    /** The same edge to another state. */
    Edge to(int other) {
      return new Edge(terminal, rule, other, guard);
    }
  }

  final String name;
  final List<List<Edge>> edges = new ArrayList<>();
  final List<Boolean> ends = new ArrayList<>();
  private int countLimit;
  private MemberLimits members;

  RuleDraft(String name) {
    this.name = name;
    state();
  }

  /** The state where the rule begins. */
  public int start() {
    return 0;
  }

  /** A new state. */
  public int state() {
    edges.add(new ArrayList<>(2));
    ends.add(false);
    return ends.size() - 1;
  }

  /** Lets the rule end in a state. */
  public void end(int state) {
    ends.set(state, true);
  }

  /** Counts no further than this: larger numbers are all alike to the guards. */
  public void countUpTo(int limit) {
    countLimit = limit;
  }

  /** Makes it a rule of objects: its guards are those of members. */
  public void members(MemberLimits limits) {
    members = limits;
  }

  MemberLimits members() {
    return members;
  }

  int countLimit() {
    return countLimit;
  }

  /** Takes over another's states and edges. */
  void become(RuleDraft other) {
    edges.clear();
    edges.addAll(other.edges);
    ends.clear();
    ends.addAll(other.ends);
  }

  public void read(int from, Terminal terminal, int to) {
    read(from, terminal, to, Guard.NONE);
  }

  public void read(int from, Terminal terminal, int to, Guard guard) {
    edges.get(from).add(new Edge(terminal, null, to, guard));
  }

  public void call(int from, RuleDraft rule, int to) {
    call(from, rule, to, Guard.NONE);
  }

  public void call(int from, RuleDraft rule, int to, Guard guard) {
    edges.get(from).add(new Edge(null, rule, to, guard));
  }

  /** Leads on without reading. */
  public void skip(int from, int to) {
    skip(from, to, Guard.NONE);
  }

  public void skip(int from, int to, Guard guard) {
    edges.get(from).add(new Edge(null, null, to, guard));
  }
}
