package dev.qwenmcp.engine.grammar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Collects rules and finishes them into a {@link Grammar}; not for several threads. */
public final class GrammarBuilder {
  private final List<RuleDraft> drafts = new ArrayList<>();

  /** A new rule; its name is for error messages. */
  public RuleDraft rule(String name) {
    RuleDraft draft = new RuleDraft(name);
    drafts.add(draft);
    return draft;
  }

  /**
   * The grammar of the texts of a rule.
   *
   * @throws GrammarException if there are none, or rules that call themselves before they read
   *     anything are too many, or count
   */
  public Grammar build(RuleDraft start) {
    skipEmptyTexts();
    LeftRecursion.remove(drafts);
    Map<RuleDraft, boolean[]> productive = productive();
    if (!productive.get(start)[0]) {
      throw new GrammarException(start.name, "no text satisfies it");
    }
    Map<Terminal, Integer> terminalNumbers = new HashMap<>();
    List<Terminal> terminals = new ArrayList<>();
    Map<RuleDraft, Rule> rules = new IdentityHashMap<>();
    ArrayDeque<RuleDraft> work = new ArrayDeque<>();
    Rule first = finished(start, rules, work);
    while (!work.isEmpty()) {
      RuleDraft draft = work.remove();
      boolean[] useful = productive.get(draft);
      Rule rule = rules.get(draft);
      rule.edges = new Rule.Edge[draft.ends.size()][];
      for (int state = 0; state < rule.edges.length; state++) {
        List<Rule.Edge> edges = new ArrayList<>();
        for (RuleDraft.Edge edge : draft.edges.get(state)) {
          if (useful[state] && leadsOn(edge, useful, productive)) {
            int terminal = -1;
            if (edge.terminal() != null) {
              terminal =
                  terminalNumbers.computeIfAbsent(
                      edge.terminal(),
                      t -> {
                        terminals.add(t);
                        return terminals.size() - 1;
                      });
            }
            Rule callee = edge.rule() == null ? null : finished(edge.rule(), rules, work);
            edges.add(new Rule.Edge(terminal, callee, edge.to(), edge.guard()));
          }
        }
        rule.edges[state] = edges.toArray(Rule.Edge[]::new);
      }
    }
    rank(List.copyOf(rules.values()));
    return new Grammar(first, terminals);
  }

  private static Rule finished(
      RuleDraft draft, Map<RuleDraft, Rule> rules, ArrayDeque<RuleDraft> work) {
    return rules.computeIfAbsent(
        draft,
        d -> {
          work.add(d);
          return new Rule(rules.size(), d);
        });
  }

  /** Gives every call and terminal that may read nothing an empty edge beside it. */
  private void skipEmptyTexts() {
    Map<RuleDraft, Boolean> nullable = new IdentityHashMap<>();
    boolean changed = true;
    while (changed) {
      changed = false;
      for (RuleDraft draft : drafts) {
        if (!nullable.containsKey(draft) && endsWithoutReading(draft, nullable)) {
          nullable.put(draft, true);
          changed = true;
        }
      }
    }
    for (RuleDraft draft : drafts) {
      for (List<RuleDraft.Edge> edges : draft.edges) {
        for (RuleDraft.Edge edge : List.copyOf(edges)) {
          if (readsNothing(edge, nullable) && (edge.terminal() != null || edge.rule() != null)) {
            edges.add(new RuleDraft.Edge(null, null, edge.to(), edge.guard()));
          }
        }
      }
    }
  }

  private static boolean endsWithoutReading(RuleDraft draft, Map<RuleDraft, Boolean> nullable) {
    boolean[] reached = new boolean[draft.ends.size()];
    ArrayDeque<Integer> work = new ArrayDeque<>(List.of(0));
    reached[0] = true;
    while (!work.isEmpty()) {
      int state = work.remove();
      if (draft.ends.get(state)) {
        return true;
      }
      for (RuleDraft.Edge edge : draft.edges.get(state)) {
        if (!reached[edge.to()] && readsNothing(edge, nullable)) {
          reached[edge.to()] = true;
          work.add(edge.to());
        }
      }
    }
    return false;
  }

  private static boolean readsNothing(RuleDraft.Edge edge, Map<RuleDraft, Boolean> nullable) {
    if (edge.terminal() != null) {
      return !edge.terminal().isEmpty() && edge.terminal().accepting(edge.terminal().start());
    }
    return edge.rule() == null || nullable.containsKey(edge.rule());
  }

  /** By rule and state: whether some text leads from there to an end of the rule. */
  private Map<RuleDraft, boolean[]> productive() {
    Map<RuleDraft, boolean[]> productive = new IdentityHashMap<>();
    for (RuleDraft draft : drafts) {
      boolean[] states = new boolean[draft.ends.size()];
      for (int i = 0; i < states.length; i++) {
        states[i] = draft.ends.get(i);
      }
      productive.put(draft, states);
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (RuleDraft draft : drafts) {
        changed |= spread(draft, productive);
      }
    }
    return productive;
  }

  private static boolean spread(RuleDraft draft, Map<RuleDraft, boolean[]> productive) {
    boolean[] useful = productive.get(draft);
    boolean any = false;
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int state = useful.length - 1; state >= 0; state--) {
        if (!useful[state]) {
          for (RuleDraft.Edge edge : draft.edges.get(state)) {
            if (leadsOn(edge, useful, productive)) {
              useful[state] = true;
              changed = true;
              any = true;
              break;
            }
          }
        }
      }
    }
    return any;
  }

  private static boolean leadsOn(
      RuleDraft.Edge edge, boolean[] useful, Map<RuleDraft, boolean[]> productive) {
    return useful[edge.to()]
        && (edge.terminal() == null || !edge.terminal().isEmpty())
        && (edge.rule() == null || productive.get(edge.rule())[0]);
  }

  /** Orders rules topologically by what they call before they have read anything. */
  private static void rank(List<Rule> rules) {
    Rule[] byId = new Rule[rules.size()];
    rules.forEach(rule -> byId[rule.id] = rule);
    List<List<Rule>> callees = new ArrayList<>();
    int[] callers = new int[byId.length];
    for (Rule rule : byId) {
      List<Rule> first = calledFirst(rule);
      callees.add(first);
      first.forEach(callee -> callers[callee.id]++);
    }
    ArrayDeque<Rule> ready = new ArrayDeque<>();
    for (Rule rule : byId) {
      if (callers[rule.id] == 0) {
        ready.add(rule);
      }
    }
    int rank = 0;
    while (!ready.isEmpty()) {
      Rule rule = ready.remove();
      rule.rank = rank++;
      for (Rule callee : callees.get(rule.id)) {
        if (--callers[callee.id] == 0) {
          ready.add(callee);
        }
      }
    }
    if (rank < byId.length) {
      Rule cyclic =
          Arrays.stream(byId).filter(rule -> callers[rule.id] > 0).findFirst().orElseThrow();
      throw new GrammarException(
          cyclic.name, "it refers to itself before anything is written; let something come first");
    }
  }

  /** The distinct rules that a rule may call before it has read anything. */
  private static List<Rule> calledFirst(Rule rule) {
    List<Rule> callees = new ArrayList<>();
    boolean[] reached = new boolean[rule.ends.length];
    ArrayDeque<Integer> work = new ArrayDeque<>(List.of(0));
    reached[0] = true;
    while (!work.isEmpty()) {
      for (Rule.Edge edge : rule.edges[work.remove()]) {
        if (edge.rule() != null) {
          if (!callees.contains(edge.rule())) {
            callees.add(edge.rule());
          }
        } else if (edge.terminal() < 0 && !reached[edge.to()]) {
          reached[edge.to()] = true;
          work.add(edge.to());
        }
      }
    }
    return callees;
  }
}
