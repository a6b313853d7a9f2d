package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.grammar.MemberLimits;
import dev.qwenmcp.engine.grammar.regular.Dfa;
import dev.qwenmcp.engine.grammar.regular.DfaAlgebra;
import dev.qwenmcp.engine.grammar.regular.Effort;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds which conjunctions have values of finite size: the least set in which each has an
 * alternative whose required parts are in the set.
 */
final class Satisfiability {
  /** Conjunctions that a schema may consist of; the largest in public use have some thousands. */
  private static final int MAX_CONJUNCTIONS = 20_000;

  private final Branches branches;
  private final Effort effort;
  private final Map<Conjunction, List<Branch>> explored = new LinkedHashMap<>();
  private final Set<Conjunction> satisfiable = new HashSet<>();

  Satisfiability(Branches branches, Conjunction root, Effort effort) {
    this.branches = branches;
    this.effort = effort;
    explore(root);
    boolean changed = true;
    while (changed) {
      changed = false;
      for (var entry : explored.entrySet()) {
        if (!satisfiable.contains(entry.getKey())
            && entry.getValue().stream().anyMatch(this::satisfiable)) {
          satisfiable.add(entry.getKey());
          changed = true;
        }
      }
    }
  }

  /** The alternatives of a conjunction that have values. */
  List<Branch> of(Conjunction conjunction) {
    return explored.get(conjunction).stream().filter(this::satisfiable).toList();
  }

  boolean satisfiable(Conjunction conjunction) {
    return satisfiable.contains(conjunction);
  }

  private void explore(Conjunction root) {
    Set<Conjunction> found = new LinkedHashSet<>(Set.of(root));
    List<Conjunction> order = new ArrayList<>(found);
    for (int i = 0; i < order.size(); i++) {
      if (order.size() > MAX_CONJUNCTIONS) {
        throw new GrammarException("#", "is too large: more than " + MAX_CONJUNCTIONS + " parts");
      }
      List<Branch> alternatives = branches.of(order.get(i));
      explored.put(order.get(i), alternatives);
      for (Branch branch : alternatives) {
        for (Conjunction part : parts(branch)) {
          if (found.add(part)) {
            order.add(part);
          }
        }
      }
    }
  }

  private static List<Conjunction> parts(Branch branch) {
    List<Conjunction> parts = new ArrayList<>();
    switch (branch) {
      case Branch.Items items -> {
        parts.addAll(items.prefix());
        parts.add(items.items());
      }
      case Branch.Members members -> {
        parts.addAll(members.declared().values());
        members.others().forEach(other -> parts.add(other.condition()));
      }
      default -> {}
    }
    return parts;
  }

  private boolean satisfiable(Branch branch) {
    return switch (branch) {
      case Branch.Items items -> {
        for (int i = 0; i < Math.min(items.min(), items.prefix().size()); i++) {
          if (!satisfiable(items.item(i))) {
            yield false;
          }
        }
        yield items.min() <= items.prefix().size() || satisfiable(items.items());
      }
      case Branch.Members members -> {
        long possible = members.declared().values().stream().filter(this::satisfiable).count();
        yield members.required().size() <= members.max()
            && (possible >= members.min() || count(others(members)) >= members.min() - possible)
            && members.required().stream().allMatch(name -> satisfiable(members.condition(name)));
      }
      default -> true;
    };
  }

  /** The names of members that are not declared and may come, by the condition on them. */
  List<Branch.Names> others(Branch.Members members) {
    return members.others().stream()
        .filter(other -> satisfiable(other.condition()))
        .map(other -> new Branch.Names(undeclared(other.names(), members), other.condition()))
        .filter(other -> !other.names().isEmpty())
        .toList();
  }

  private Dfa undeclared(Dfa names, Branch.Members members) {
    return members.declared().isEmpty()
        ? names
        : DfaAlgebra.minus(names, Dfa.literals(members.declared().keySet()), effort);
  }

  /** How many names there are. */
  static long count(List<Branch.Names> others) {
    long count = 0;
    for (Branch.Names other : others) {
      long size = other.names().sizes()[Dfa.START];
      if (size == MemberLimits.ENDLESS) {
        return size;
      }
      count += size;
    }
    return count;
  }
}
