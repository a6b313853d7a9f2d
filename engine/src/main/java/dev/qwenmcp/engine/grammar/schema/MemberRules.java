package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.Guard;
import dev.qwenmcp.engine.grammar.MemberLimits;
import dev.qwenmcp.engine.grammar.RuleDraft;
import dev.qwenmcp.engine.grammar.TextTerminal;
import dev.qwenmcp.engine.grammar.regular.Effort;
import dev.qwenmcp.engine.json.JsonValue;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the rules of objects. The names of declared members are a prefix tree of states, so that
 * what members have in common is read once and each state knows by two numbers which members it
 * leads to.
 */
final class MemberRules {
  private final RuleWriter writer;
  private final Satisfiability satisfiability;
  private final MemberOrder order;
  private final Effort effort;

  MemberRules(RuleWriter writer, Satisfiability satisfiability, MemberOrder order, Effort effort) {
    this.writer = writer;
    this.satisfiability = satisfiability;
    this.order = order;
    this.effort = effort;
  }

  /** Writes the value of a member: from a state to another. */
  private interface Value {
    void write(RuleDraft rule, int from, int to);
  }

  void write(RuleDraft rule, Branch.Members members) {
    Map<String, Value> declared = new HashMap<>();
    List<String> turns = new ArrayList<>();
    Map<Conjunction, Value> values = new HashMap<>();
    members
        .declared()
        .forEach((name, condition) -> {
          if (satisfiability.satisfiable(condition)) {
            turns.add(name);
            declared.put(name, values.computeIfAbsent(condition, this::satisfying));
          }
        });
    List<Branch.Names> others = satisfiability.others(members);
    Names names = new Names(turns);
    BitSet required = new BitSet();
    members.required().forEach(name -> required.set(names.number(name)));
    long more = Satisfiability.count(others);
    limit(
        rule, names, new MemberLimits(turns.size(), required, members.min(), members.max(), more));
    int written = rule.state();
    int expected = frame(rule, written);
    declare(rule, expected, names, declared, written);
    for (Branch.Names other : others) {
      int named = rule.state();
      TextTerminal left = TextTerminal.once(other.names(), TextTerminal.Encoding.JSON, effort);
      rule.read(expected, left, named, new Guard.Other());
      value(rule, named, satisfying(other.condition()), written);
    }
  }

  private Value satisfying(Conjunction condition) {
    return (rule, from, to) -> rule.call(from, writer.rule(condition), to);
  }

  /** Exactly one object. */
  void write(RuleDraft rule, JsonValue.Obj object) {
    Map<String, Value> declared = new HashMap<>();
    object
        .members()
        .forEach(
            (name, value) -> declared.put(name, (r, from, to) -> writer.given(r, from, value, to)));
    Names names = new Names(List.copyOf(object.members().keySet()));
    int n = declared.size();
    BitSet required = new BitSet();
    required.set(0, n);
    limit(rule, names, new MemberLimits(n, required, n, n, 0));
    int written = rule.state();
    declare(rule, frame(rule, written), names, declared, written);
  }

  private void limit(RuleDraft rule, Names names, MemberLimits limits) {
    rule.members(
        order == MemberOrder.ANY ? limits.mostlyInOrder(names.turns) : limits.inOrder(names.turns));
  }

  /** Braces and commas; gives the state where a member is expected. */
  private int frame(RuleDraft rule, int written) {
    int begun = rule.state();
    int expected = rule.state();
    int end = rule.state();
    rule.end(end);
    rule.read(rule.start(), writer.marks().openObject(), begun);
    rule.read(begun, writer.marks().closeObject(), end, new Guard.Complete());
    rule.skip(begun, expected);
    rule.read(written, writer.marks().comma(), expected, new Guard.More());
    rule.read(written, writer.marks().closeObject(), end, new Guard.Complete());
    return expected;
  }

  /** Declared names, as they are spelled, in ascending order: the place of each is its number. */
  private static final class Names {
    private final TreeMap<String, Integer> numbers = new TreeMap<>(); // by name
    private final List<int[]> spelled = new ArrayList<>(); // by number: code points with quotes
    private final List<String> names = new ArrayList<>(); // by number
    private final int[] turns;

    Names(List<String> inTurn) {
      TreeMap<String, String> bySpelling = new TreeMap<>();
      inTurn.forEach(name -> bySpelling.put(new JsonValue.Text(name).toString(), name));
      bySpelling.forEach((spelling, name) -> {
        numbers.put(name, names.size());
        names.add(name);
        spelled.add(spelling.codePoints().toArray());
      });
      turns = new int[inTurn.size()];
      for (int turn = 0; turn < turns.length; turn++) {
        turns[number(inTurn.get(turn))] = turn;
      }
    }

    int number(String name) {
      return numbers.get(name);
    }
  }

  private void declare(
      RuleDraft rule, int expected, Names names, Map<String, Value> values, int written) {
    int n = names.names.size();
    int[] named = new int[n]; // by number: the state after the name
    Map<Value, Integer> states = new HashMap<>(); // members with the same values share one
    for (int i = 0; i < n; i++) {
      Value value = values.get(names.names.get(i));
      Integer state = states.get(value);
      if (state == null) {
        state = rule.state();
        states.put(value, state);
        value(rule, state, value, written);
      }
      named[i] = state;
    }
    new PrefixTree(writer).write(rule, expected, names.spelled, number -> named[number]);
  }

  private void value(RuleDraft rule, int named, Value value, int to) {
    int colon = rule.state();
    rule.read(named, writer.marks().colon(), colon);
    value.write(rule, colon, to);
  }
}
