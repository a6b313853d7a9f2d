package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.grammar.MemberLimits;
import dev.qwenmcp.engine.grammar.regular.Dfa;
import dev.qwenmcp.engine.grammar.regular.DfaAlgebra;
import dev.qwenmcp.engine.grammar.regular.Effort;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
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
  private final Map<Branch.Items, ItemCourse> courses = new HashMap<>();
  private final Map<Branch.Items, DistinctItems> distinct = new HashMap<>();

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
        for (Conjunction part : parts(branch, order.get(i))) {
          if (found.add(part)) {
            order.add(part);
          }
        }
      }
    }
  }

  private List<Conjunction> parts(Branch branch, Conjunction of) {
    List<Conjunction> parts = new ArrayList<>();
    switch (branch) {
      case Branch.Items items when items.distinct() != null ->
          distinct.put(items, new DistinctItems(items, branches.of(items.items()), effort));
      case Branch.Items items when !items.counted().isEmpty() -> {
        try {
          courses.put(items, new ItemCourse(items));
        } catch (IllegalArgumentException e) {
          throw new GrammarException(branches.where(of), e.getMessage());
        }
        parts.addAll(courses.get(items).conditions());
      }
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

  /** How items are counted in an array; null where none are. */
  ItemCourse course(Branch.Items items) {
    return courses.get(items);
  }

  /** The items of an array that has none of them twice; null where it may. */
  DistinctItems distinct(Branch.Items items) {
    return distinct.get(items);
  }

  private boolean satisfiable(ItemCourse course) {
    BitSet reached = new BitSet();
    ArrayDeque<Integer> work = new ArrayDeque<>(List.of(0));
    reached.set(0);
    while (!work.isEmpty()) {
      int state = work.remove();
      if (course.complete(state)) {
        return true;
      }
      for (ItemCourse.Way way : course.ways(state)) {
        if (!reached.get(way.to()) && satisfiable(way.item())) {
          reached.set(way.to());
          work.add(way.to());
        }
      }
    }
    return false;
  }

  private boolean satisfiable(Branch branch) {
    return switch (branch) {
      case Branch.Items items when items.distinct() != null ->
          distinct.get(items).count() >= items.min();
      case Branch.Items items when !items.counted().isEmpty() -> satisfiable(courses.get(items));
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
