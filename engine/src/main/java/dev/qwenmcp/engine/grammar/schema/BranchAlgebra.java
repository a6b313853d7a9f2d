package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.regular.Dfa;
import dev.qwenmcp.engine.grammar.regular.DfaAlgebra;
import dev.qwenmcp.engine.grammar.regular.Effort;
import dev.qwenmcp.engine.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Intersection of branches, and whether a value is in one. */
final class BranchAlgebra {
  /** Whether a value satisfies a conjunction. */
  interface Membership {
    boolean holds(Conjunction condition, JsonValue value);
  }

  private final Effort effort;
  private final Membership membership;

  BranchAlgebra(Effort effort, Membership membership) {
    this.effort = effort;
    this.membership = membership;
  }

  /** What is in both, or null if nothing is. */
  Branch and(Branch a, Branch b) {
    effort.spend(10);
    if (a instanceof Branch.Value(var value)) {
      return contains(b, value) ? a : null;
    }
    if (b instanceof Branch.Value(var value)) {
      return contains(a, value) ? b : null;
    }
    if (a instanceof Branch.Words(var words)) {
      return words(words, b);
    }
    if (b instanceof Branch.Words(var words)) {
      return words(words, a);
    }
    return switch (a) {
      case Branch.Numbers left when b instanceof Branch.Numbers right -> numbers(left, right);
      case Branch.Texts left when b instanceof Branch.Texts right -> texts(left, right);
      case Branch.Items left when b instanceof Branch.Items right -> items(left, right);
      case Branch.Members left when b instanceof Branch.Members right -> members(left, right);
      default -> a.equals(b) ? a : null;
    };
  }

  private Branch words(Set<String> words, Branch other) {
    Set<String> both = new LinkedHashSet<>();
    for (String word : words) {
      if (contains(other, new JsonValue.Text(word))) {
        both.add(word);
      }
    }
    return both.isEmpty() ? null : new Branch.Words(both);
  }

  private static Branch numbers(Branch.Numbers a, Branch.Numbers b) {
    if (a.kind() != b.kind() && a.kind() != Branch.Kind.ANY && b.kind() != Branch.Kind.ANY) {
      return null;
    }
    Branch.Kind kind = a.kind() == Branch.Kind.ANY ? b.kind() : a.kind();
    Branch.Numbers lower = a;
    if (a.min() == null
        || b.min() != null
            && (b.min().compareTo(a.min()) > 0 || b.min().compareTo(a.min()) == 0 && b.minOpen())) {
      lower = b;
    }
    Branch.Numbers upper = a;
    if (a.max() == null
        || b.max() != null
            && (b.max().compareTo(a.max()) < 0 || b.max().compareTo(a.max()) == 0 && b.maxOpen())) {
      upper = b;
    }
    if (lower.min() != null && upper.max() != null) {
      int order = lower.min().compareTo(upper.max());
      if (order > 0 || order == 0 && (lower.minOpen() || upper.maxOpen())) {
        return null;
      }
    }
    Set<BigDecimal> divisors = new LinkedHashSet<>(a.divisors());
    divisors.addAll(b.divisors());
    Set<BigDecimal> excluded = new LinkedHashSet<>(a.excluded());
    excluded.addAll(b.excluded());
    for (BigDecimal divisor : divisors) {
      if (excluded.stream().anyMatch(other -> divisor.remainder(other).signum() == 0)) {
        return null;
      }
    }
    return new Branch.Numbers(
        kind, lower.min(), lower.minOpen(), upper.max(), upper.maxOpen(), divisors, excluded);
  }

  private Branch texts(Branch.Texts a, Branch.Texts b) {
    int min = Math.max(a.min(), b.min());
    int max = Math.min(a.max(), b.max());
    if (min > max) {
      return null;
    }
    Dfa chars = DfaAlgebra.and(a.chars(), b.chars(), effort);
    return chars.isEmpty() ? null : new Branch.Texts(chars, min, max);
  }

  private static Branch items(Branch.Items a, Branch.Items b) {
    int min = Math.max(a.min(), b.min());
    int max = Math.min(a.max(), b.max());
    if (min > max) {
      return null;
    }
    List<Branch.Counted> counted = counted(a.counted(), b.counted());
    if (counted == null) {
      return null;
    }
    List<Conjunction> prefix = new ArrayList<>();
    for (int i = 0; i < Math.max(a.prefix().size(), b.prefix().size()); i++) {
      prefix.add(a.item(i).and(b.item(i)));
    }
    String distinct = max < 2 ? null : a.distinct() == null ? b.distinct() : a.distinct();
    int evaluated = Math.max(a.evaluated(), b.evaluated());
    return new Branch.Items(
        prefix, a.items().and(b.items()), min, max, counted, distinct, evaluated);
  }

  /** Both, one for each condition; null if the bounds of one exclude each other. */
  private static List<Branch.Counted> counted(List<Branch.Counted> a, List<Branch.Counted> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.isEmpty() ? b : a;
    }
    record Place(Conjunction condition, int from) {}
    Map<Place, Branch.Counted> merged = new LinkedHashMap<>();
    for (Branch.Counted next : Stream.concat(a.stream(), b.stream()).toList()) {
      merged.merge(
          new Place(next.condition(), next.from()),
          next,
          (left, right) ->
              new Branch.Counted(
                  left.condition(),
                  left.from(),
                  Math.max(left.min(), right.min()),
                  Math.min(left.max(), right.max())));
    }
    return merged.values().stream().allMatch(count -> count.min() <= count.max())
        ? List.copyOf(merged.values())
        : null;
  }

  private Branch members(Branch.Members a, Branch.Members b) {
    int min = Math.max(a.min(), b.min());
    int max = Math.min(a.max(), b.max());
    if (min > max) {
      return null;
    }
    Map<String, Conjunction> declared = new LinkedHashMap<>();
    for (String name : order(a.declared(), b.declared())) {
      declared.put(name, a.condition(name).and(b.condition(name)));
    }
    Set<String> required = new LinkedHashSet<>(a.required());
    required.addAll(b.required());
    List<Branch.Names> others = new ArrayList<>();
    for (Branch.Names left : a.others()) {
      for (Branch.Names right : b.others()) {
        Conjunction condition = left.condition().and(right.condition());
        Dfa names = DfaAlgebra.and(left.names(), right.names(), effort);
        if (!condition.isNever() && !names.isEmpty()) {
          others.add(new Branch.Names(names, condition));
        }
      }
    }
    for (String name : required) {
      if (declared.get(name) == Conjunction.NEVER) {
        return null;
      }
    }
    return new Branch.Members(
        declared, required, others, min, max, either(a.evaluated(), b.evaluated()));
  }

  private Dfa either(Dfa a, Dfa b) {
    if (a.isEmpty() || b == Dfa.ANYTHING) {
      return b;
    }
    return b.isEmpty() || a == Dfa.ANYTHING ? a : DfaAlgebra.or(a, b, effort);
  }

  /**
   * Names in the order in which members are written: those of the first, then those of the second;
   * but what the first only requires stands where the second declares it.
   */
  private static Set<String> order(Map<String, Conjunction> a, Map<String, Conjunction> b) {
    Set<String> names = new LinkedHashSet<>();
    a.forEach((name, condition) -> {
      if (!condition.isAlways() || !b.containsKey(name)) {
        names.add(name);
      }
    });
    names.addAll(b.keySet());
    return names;
  }

  /** Whether a value is in a branch. */
  boolean contains(Branch branch, JsonValue value) {
    effort.spend(10);
    return switch (branch) {
      case Branch.Nothing() -> value instanceof JsonValue.Null;
      case Branch.Flag(var flag) -> value instanceof JsonValue.Bool(var is) && is == flag;
      case Branch.Numbers numbers ->
          value instanceof JsonValue.Number number && contains(numbers, number);
      case Branch.Texts texts -> value instanceof JsonValue.Text(var text) && contains(texts, text);
      case Branch.Words(var words) ->
          value instanceof JsonValue.Text(var text) && words.contains(text);
      case Branch.Items items ->
          value instanceof JsonValue.Array(var values) && contains(items, values);
      case Branch.Members members ->
          value instanceof JsonValue.Obj object && contains(members, object.members());
      case Branch.Value(var only) -> only.equals(value);
    };
  }

  private static boolean contains(Branch.Numbers numbers, JsonValue.Number number) {
    BigDecimal value = number.value();
    boolean kind =
        switch (numbers.kind()) {
          case ANY -> true;
          case INTEGER -> number.integer();
          case FRACTION -> !number.integer();
        };
    int low = numbers.min() == null ? 1 : value.compareTo(numbers.min());
    int high = numbers.max() == null ? -1 : value.compareTo(numbers.max());
    return kind
        && (numbers.minOpen() ? low > 0 : low >= 0)
        && (numbers.maxOpen() ? high < 0 : high <= 0)
        && numbers.divisors().stream().allMatch(d -> value.remainder(d).signum() == 0)
        && numbers.excluded().stream().allMatch(d -> value.remainder(d).signum() != 0);
  }

  private static boolean contains(Branch.Texts texts, String text) {
    int length = text.codePointCount(0, text.length());
    return length >= texts.min() && length <= texts.max() && texts.chars().accepts(text);
  }

  private boolean contains(Branch.Items items, List<JsonValue> values) {
    if (values.size() < items.min() || values.size() > items.max()) {
      return false;
    }
    for (int i = 0; i < values.size(); i++) {
      if (!membership.holds(items.item(i), values.get(i))) {
        return false;
      }
    }
    return (items.distinct() == null || Set.copyOf(values).size() == values.size())
        && items.counted().stream().allMatch(counted -> contains(counted, values));
  }

  private boolean contains(Branch.Counted counted, List<JsonValue> values) {
    long count =
        values.stream()
            .skip(counted.from())
            .filter(value -> membership.holds(counted.condition(), value))
            .count();
    return count >= counted.min() && count <= counted.max();
  }

  private boolean contains(Branch.Members members, Map<String, JsonValue> values) {
    return values.size() >= members.min()
        && values.size() <= members.max()
        && values.keySet().containsAll(members.required())
        && values.entrySet().stream()
            .allMatch(
                member -> membership.holds(members.condition(member.getKey()), member.getValue()));
  }
}
