package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.RuleDraft;
import dev.qwenmcp.engine.grammar.RuleDraft.Guard;
import dev.qwenmcp.engine.grammar.TextTerminal;
import dev.qwenmcp.engine.grammar.regular.Dfa;
import dev.qwenmcp.engine.grammar.regular.DfaAlgebra;
import dev.qwenmcp.engine.grammar.regular.Effort;
import dev.qwenmcp.engine.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the rules of objects: declared members in their order, optional ones left out at will,
 * then any others.
 */
final class MemberRules {
  private final RuleWriter writer;
  private final Satisfiability satisfiability;
  private final Effort effort;

  MemberRules(RuleWriter writer, Satisfiability satisfiability, Effort effort) {
    this.writer = writer;
    this.satisfiability = satisfiability;
    this.effort = effort;
  }

  private record Member(String name, Conjunction condition, boolean required) {}

  /** The numbers of members written so far with which something is possible. */
  private record Range(int least, int most) {
    static final Range NONE = new Range(0, -1);

    boolean isEmpty() {
      return least > most;
    }

    Range or(Range other) {
      if (isEmpty() || other.isEmpty()) {
        return isEmpty() ? other : this;
      }
      return new Range(Math.min(least, other.least), Math.max(most, other.most));
    }

    Guard guard(boolean counts) {
      return new Guard(least, most, counts);
    }
  }

  void write(RuleDraft rule, Branch.Members members) {
    List<Member> declared = new ArrayList<>();
    members
        .declared()
        .forEach((name, condition) -> {
          if (satisfiability.satisfiable(condition)) {
            declared.add(new Member(name, condition, members.required().contains(name)));
          }
        });
    List<Branch.Names> others =
        members.others().stream()
            .map(other -> new Branch.Names(undeclared(other.names(), members), other.condition()))
            .filter(other -> !other.names().isEmpty())
            .filter(other -> satisfiability.satisfiable(other.condition()))
            .toList();
    int n = declared.size();
    int[] requiredFrom = new int[n + 1];
    for (int i = n - 1; i >= 0; i--) {
      requiredFrom[i] = requiredFrom[i + 1] + (declared.get(i).required ? 1 : 0);
    }
    // With how many members written before it member i may come, so that the bounds can be kept.
    Range[] before = new Range[n + 1];
    Range[] from = new Range[n + 1]; // with how many it, or one after it, may come
    before[n] = others.isEmpty() ? Range.NONE : new Range(0, bound(members.max(), -1));
    from[n] = before[n];
    for (int i = n - 1; i >= 0; i--) {
      int moreAfter = others.isEmpty() ? n - i - 1 : Branch.NO_MAX;
      before[i] =
          new Range(
              moreAfter == Branch.NO_MAX ? 0 : Math.max(0, members.min() - 1 - moreAfter),
              bound(members.max(), -1 - requiredFrom[i + 1]));
      from[i] = declared.get(i).required ? before[i] : before[i].or(from[i + 1]);
    }
    boolean counting = members.min() > requiredFrom[0] || members.max() != Branch.NO_MAX;
    rule.countUpTo(members.max() == Branch.NO_MAX ? members.min() : members.max());

    int end = rule.state();
    rule.end(end);
    int begun = rule.state();
    rule.read(rule.start(), writer.marks().openObject(), begun);
    if (requiredFrom[0] == 0 && members.min() == 0) {
      rule.read(begun, writer.marks().closeObject(), end);
    }
    int[] expected = new int[n + 1]; // member i or a later one must come
    int[] written = new int[n + 1]; // a comma or the end must come, then member i or a later one
    for (int i = 0; i <= n; i++) {
      expected[i] = rule.state();
      written[i] = rule.state();
    }
    skip(rule, begun, expected[0], from[0], counting);
    for (int i = 0; i <= n; i++) {
      if (i < n) {
        Member member = declared.get(i);
        if (!before[i].isEmpty()) {
          int named = rule.state();
          rule.read(
              expected[i],
              writer.literal(new JsonValue.Text(member.name).toString()),
              named,
              counting ? before[i].guard(true) : Guard.NONE);
          value(rule, named, member.condition, written[i + 1]);
        }
        if (!member.required) {
          skip(rule, expected[i], expected[i + 1], from[i + 1], counting);
        }
      }
      if (!from[i].isEmpty()) {
        rule.read(
            written[i],
            writer.marks().comma(),
            expected[i],
            counting ? from[i].guard(false) : Guard.NONE);
      }
      if (requiredFrom[i] == 0) {
        rule.read(
            written[i],
            writer.marks().closeObject(),
            end,
            counting ? new Guard(members.min(), Branch.NO_MAX, false) : Guard.NONE);
      }
    }
    for (Branch.Names other : others) {
      int named = rule.state();
      rule.read(
          expected[n],
          new TextTerminal(other.names(), 0, Branch.NO_MAX, TextTerminal.Encoding.JSON, effort),
          named,
          counting ? before[n].guard(true) : Guard.NONE);
      value(rule, named, other.condition(), written[n]);
    }
  }

  /** {@code bound + change} where there is a bound. */
  private static int bound(int bound, int change) {
    return bound == Branch.NO_MAX ? Branch.NO_MAX : bound + change;
  }

  private static void skip(RuleDraft rule, int state, int to, Range range, boolean counting) {
    if (!range.isEmpty()) {
      rule.skip(state, to, counting ? range.guard(false) : Guard.NONE);
    }
  }

  private void value(RuleDraft rule, int named, Conjunction condition, int to) {
    int colon = rule.state();
    rule.read(named, writer.marks().colon(), colon);
    rule.call(colon, writer.rule(condition), to);
  }

  private Dfa undeclared(Dfa names, Branch.Members members) {
    return members.declared().isEmpty()
        ? names
        : DfaAlgebra.minus(names, Dfa.literals(members.declared().keySet()), effort);
  }
}
