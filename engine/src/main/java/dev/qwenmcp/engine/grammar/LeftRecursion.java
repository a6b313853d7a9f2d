package dev.qwenmcp.engine.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rewrites rules that call themselves before they have read anything, so that the reader never
 * descends without end.
 *
 * <p>Rules that call each other so become networks that walk the call tree from its lower left
 * corner up: what one of them can begin with is read first; where a rule ends, reading goes on
 * wherever one of them may have begun with it (the left-corner transform, Rosenkrantz and Lewis,
 * "Deterministic left corner parsing", 1970, on networks). The language stays the same.
 */
final class LeftRecursion {
  /** States of all rewritten rules: a rule gets twice those of all it is recursive with. */
  private static final int MAX_STATES = 500_000;

  private final List<RuleDraft> drafts;
  private final Map<RuleDraft, Set<RuleDraft>> first = new IdentityHashMap<>();
  private int states;

  private LeftRecursion(List<RuleDraft> drafts) {
    this.drafts = drafts;
  }

  /**
   * Rewrites what is left recursive; what may read nothing must have an empty edge beside it.
   *
   * @throws GrammarException if a rule that counts is among it, or too much
   */
  static void remove(List<RuleDraft> drafts) {
    LeftRecursion recursion = new LeftRecursion(drafts);
    drafts.forEach(draft -> recursion.first.put(draft, recursion.calledFirst(draft)));
    for (List<RuleDraft> cycle : recursion.components()) {
      if (cycle.size() > 1 || recursion.first.get(cycle.getFirst()).contains(cycle.getFirst())) {
        recursion.rewrite(cycle);
      }
    }
  }

  /** The states that a rule reaches before it has read anything. */
  private static List<Integer> unread(RuleDraft draft) {
    List<Integer> reached = new ArrayList<>(List.of(0));
    boolean[] seen = new boolean[draft.ends.size()];
    seen[0] = true;
    for (int i = 0; i < reached.size(); i++) {
      for (RuleDraft.Edge edge : draft.edges.get(reached.get(i))) {
        if (edge.terminal() == null && edge.rule() == null && !seen[edge.to()]) {
          seen[edge.to()] = true;
          reached.add(edge.to());
        }
      }
    }
    return reached;
  }

  private Set<RuleDraft> calledFirst(RuleDraft draft) {
    Set<RuleDraft> called = new LinkedHashSet<>(); // drafts are compared by identity
    for (int state : unread(draft)) {
      for (RuleDraft.Edge edge : draft.edges.get(state)) {
        if (edge.rule() != null) {
          called.add(edge.rule());
        }
      }
    }
    return called;
  }

  /** Strongly connected components of the calls (Tarjan, 1972), without recursion. */
  private List<List<RuleDraft>> components() {
    Map<RuleDraft, Integer> index = new IdentityHashMap<>();
    Map<RuleDraft, Integer> low = new IdentityHashMap<>();
    Map<RuleDraft, ArrayDeque<RuleDraft>> left = new IdentityHashMap<>();
    Map<RuleDraft, Boolean> open = new IdentityHashMap<>();
    ArrayDeque<RuleDraft> stack = new ArrayDeque<>();
    List<List<RuleDraft>> components = new ArrayList<>();
    for (RuleDraft root : drafts) {
      if (index.containsKey(root)) {
        continue;
      }
      ArrayDeque<RuleDraft> path = new ArrayDeque<>(List.of(root));
      while (!path.isEmpty()) {
        RuleDraft draft = path.peek();
        if (!index.containsKey(draft)) {
          low.put(draft, index.size());
          index.put(draft, index.size());
          left.put(draft, new ArrayDeque<>(first.get(draft)));
          open.put(draft, true);
          stack.push(draft);
        }
        RuleDraft next = left.get(draft).poll();
        if (next != null) {
          if (!index.containsKey(next)) {
            path.push(next);
          } else if (open.containsKey(next)) {
            low.merge(draft, index.get(next), Math::min);
          }
          continue;
        }
        path.pop();
        if (!path.isEmpty()) {
          low.merge(path.peek(), low.get(draft), Math::min);
        }
        if (low.get(draft).equals(index.get(draft))) {
          List<RuleDraft> component = new ArrayList<>();
          RuleDraft member;
          do {
            member = stack.pop();
            open.remove(member);
            component.add(member);
          } while (member != draft);
          components.add(component);
        }
      }
    }
    return components;
  }

  /** A call at the beginning of a rule, of one of those that are recursive with it. */
  private record LeftCall(RuleDraft caller, int to) {}

  private void rewrite(List<RuleDraft> cycle) {
    Map<RuleDraft, List<LeftCall>> callers = new IdentityHashMap<>();
    cycle.forEach(draft -> callers.put(draft, new ArrayList<>()));
    for (RuleDraft draft : cycle) {
      if (draft.countLimit() > 0 || draft.members() != null) {
        throw new GrammarException(
            draft.name,
            "it refers to itself before anything is written, within a repetition that counts; let"
                + " something come first");
      }
      for (int state : unread(draft)) {
        for (RuleDraft.Edge edge : draft.edges.get(state)) {
          if (edge.rule() != null && callers.containsKey(edge.rule())) {
            callers.get(edge.rule()).add(new LeftCall(draft, edge.to()));
          }
        }
      }
    }
    Map<RuleDraft, RuleDraft> rewritten = new IdentityHashMap<>();
    cycle.forEach(draft -> rewritten.put(draft, rewritten(draft, cycle, callers)));
    rewritten.forEach(RuleDraft::become);
  }

  private RuleDraft rewritten(
      RuleDraft wanted, List<RuleDraft> cycle, Map<RuleDraft, List<LeftCall>> callers) {
    RuleDraft result = new RuleDraft(wanted.name);
    Map<RuleDraft, int[]> read = new IdentityHashMap<>();
    for (RuleDraft draft : cycle) {
      int[] numbers = new int[draft.ends.size()];
      for (int state = 0; state < numbers.length; state++) {
        numbers[state] = state(result);
      }
      read.put(draft, numbers);
    }
    for (RuleDraft draft : cycle) {
      begin(draft, read, result);
      int[] numbers = read.get(draft);
      for (int state = 0; state < numbers.length; state++) {
        for (RuleDraft.Edge edge : draft.edges.get(state)) {
          result.edges.get(numbers[state]).add(edge.to(numbers[edge.to()]));
        }
        if (draft.ends.get(state)) {
          for (LeftCall call : callers.get(draft)) {
            result.skip(numbers[state], read.get(call.caller)[call.to]);
          }
          if (draft == wanted) {
            result.end(numbers[state]);
          }
        }
      }
    }
    if (unread(wanted).stream().anyMatch(wanted.ends::get)) {
      result.end(result.start());
    }
    return result;
  }

  /** What a rule can begin with, but for calls of those that are recursive with it. */
  private void begin(RuleDraft draft, Map<RuleDraft, int[]> read, RuleDraft result) {
    Map<Integer, Integer> unread = new HashMap<>();
    unread(draft).forEach(state -> unread.put(state, state(result)));
    result.skip(result.start(), unread.get(0));
    unread.forEach((state, number) -> {
      for (RuleDraft.Edge edge : draft.edges.get(state)) {
        if (edge.terminal() == null && edge.rule() == null) {
          result.skip(number, unread.get(edge.to()));
        } else if (edge.rule() == null || !read.containsKey(edge.rule())) {
          result.edges.get(number).add(edge.to(read.get(draft)[edge.to()]));
        }
      }
    });
  }

  private int state(RuleDraft rule) {
    if (++states > MAX_STATES) {
      throw new GrammarException(
          rule.name, "too many rules refer to each other at their beginning; simplify them");
    }
    return rule.state();
  }
}
