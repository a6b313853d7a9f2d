package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.grammar.regular.Effort;
import java.util.List;

/** Shows that alternatives have no value in common, where that is to be seen without search. */
final class Disjointness {
  /** How deep properties and items are looked into. */
  private static final int MAX_DEPTH = 4;

  private final Branches branches;
  private final BranchAlgebra algebra;
  private final Effort effort;

  Disjointness(Branches branches, Effort effort) {
    this.branches = branches;
    this.algebra = new BranchAlgebra(effort, (condition, value) -> true);
    this.effort = effort;
  }

  /** True only if no value is in a branch of both; false where that is not seen. */
  boolean shown(List<Branch> left, List<Branch> right) {
    for (Branch a : left) {
      for (Branch b : right) {
        Branch both = algebra.and(a, b);
        if (both != null && !empty(both, 0)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean empty(Branch branch, int depth) {
    return switch (branch) {
      case Branch.Members members ->
          members.required().stream().anyMatch(name -> empty(members.condition(name), depth + 1));
      case Branch.Items items -> {
        boolean found = false;
        for (int i = 0; i < Math.min(items.min(), items.prefix().size() + 1) && !found; i++) {
          found = empty(items.item(i), depth + 1);
        }
        yield found;
      }
      case Branch.Numbers numbers -> {
        try {
          yield new NumberLanguage(effort).of(numbers).isEmpty();
        } catch (IllegalArgumentException e) {
          yield false;
        }
      }
      default -> false;
    };
  }

  private boolean empty(Conjunction condition, int depth) {
    if (condition.isNever()) {
      return true;
    }
    if (depth > MAX_DEPTH) {
      return false;
    }
    try {
      return branches.of(condition).stream().allMatch(branch -> empty(branch, depth));
    } catch (GrammarException e) {
      return false; // not understood here; where it matters it will be said
    }
  }
}
