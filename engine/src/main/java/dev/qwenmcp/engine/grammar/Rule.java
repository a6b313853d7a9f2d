package dev.qwenmcp.engine.grammar;

/** A finished rule: every state leads to an end, and calls come only where text must be read. */
final class Rule {
  /** An edge; {@code terminal} is a number or -1, {@code rule} a rule or null. */
  record Edge(int terminal, Rule rule, int to, Guard guard) {}

  final int id;
  final String name;
  Edge[][] edges; // by state; set once all rules exist
  final boolean[] ends;
  private final int countLimit;
  private final MemberLimits members; // null but for rules of objects

  /** A rule comes before those that it calls before it has read anything. */
  int rank;

  Rule(int id, RuleDraft draft) {
    this.id = id;
    this.name = draft.name;
    this.ends = new boolean[draft.ends.size()];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = draft.ends.get(i);
    }
    this.countLimit = draft.countLimit();
    this.members = draft.members();
  }

  /** Whether an edge may be taken from a place in a call of this rule. */
  boolean open(Edge edge, Stack.Entry at) {
    return switch (edge.guard) {
      case Guard.Count count -> at.count() >= count.least() && at.count() <= count.most();
      case Guard.AnyOf any -> members.mayCome(at.members(), any.first(), any.last());
      case Guard.Member(var number) -> members.mayCome(at.members(), number, number);
      case Guard.Other() -> members.mayComeOther(at.members());
      case Guard.More() -> members.more(at.members());
      case Guard.Complete() -> members.complete(at.members());
    };
  }

  /** The place after an edge; the name of an undeclared member is noted when it has been read. */
  Stack.Entry after(Edge edge, Stack.Entry at) {
    return switch (edge.guard) {
      case Guard.Count count when count.counts() ->
          new Stack.Entry(
              this, edge.to, Math.min(at.count() + 1, countLimit), at.members(), at.below());
      case Guard.Member(var number) ->
          new Stack.Entry(this, edge.to, at.count(), at.members().with(number), at.below());
      default -> new Stack.Entry(this, edge.to, at.count(), at.members(), at.below());
    };
  }

  /** The limits on members; null but for rules of objects. */
  MemberLimits members() {
    return members;
  }

  /** Whether nothing but the end can follow a state. */
  boolean onlyEnds(int state) {
    return ends[state] && edges[state].length == 0;
  }
}
