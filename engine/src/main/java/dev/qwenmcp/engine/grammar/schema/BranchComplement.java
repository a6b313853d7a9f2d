package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.GrammarException;
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

/** What is not in a branch, where branches can say it. */
final class BranchComplement {
  private final SchemaDocument document;
  private final Effort effort;

  BranchComplement(SchemaDocument document, Effort effort) {
    this.document = document;
    this.effort = effort;
  }

  /**
   * All values that are not in a branch.
   *
   * @param where for errors
   * @throws GrammarException if that cannot be said with branches
   */
  List<Branch> of(Branch branch, String where) {
    List<Branch> rest = new ArrayList<>();
    for (Branch any : Branch.ANY) {
      if (!sameType(any, branch)) {
        rest.add(any);
      }
    }
    switch (branch) {
      case Branch.Nothing() -> {}
      case Branch.Flag(var value) -> {}
      case Branch.Numbers numbers -> numbers(numbers, rest);
      case Branch.Texts texts -> texts(texts, rest);
      case Branch.Words(var words) ->
          texts(new Branch.Texts(Dfa.literals(words), 0, Branch.NO_MAX), rest);
      case Branch.Items items -> items(items, rest, where);
      case Branch.Members members -> members(members, rest, where);
      case Branch.Value(JsonValue.Array(var values)) -> array(values, rest);
      case Branch.Value(JsonValue.Obj(var members)) -> object(members, rest);
      case Branch.Value(var value) -> throw new AssertionError(value);
    }
    return rest;
  }

  private static boolean sameType(Branch any, Branch branch) {
    return switch (branch) {
      case Branch.Nothing() -> any instanceof Branch.Nothing;
      case Branch.Flag flag -> flag.equals(any);
      case Branch.Numbers numbers -> any instanceof Branch.Numbers;
      case Branch.Texts texts -> any instanceof Branch.Texts;
      case Branch.Words words -> any instanceof Branch.Texts;
      case Branch.Items items -> any instanceof Branch.Items;
      case Branch.Members members -> any instanceof Branch.Members;
      case Branch.Value(JsonValue.Array array) -> any instanceof Branch.Items;
      case Branch.Value value -> any instanceof Branch.Members;
    };
  }

  private static void numbers(Branch.Numbers numbers, List<Branch> rest) {
    for (BigDecimal divisor : numbers.divisors()) {
      rest.add(
          new Branch.Numbers(Branch.Kind.ANY, null, false, null, false, Set.of(), Set.of(divisor)));
    }
    for (BigDecimal divisor : numbers.excluded()) {
      rest.add(new Branch.Numbers(Branch.Kind.ANY, null, false, null, false, Set.of(divisor)));
    }
    if (numbers.min() != null) {
      rest.add(range(Branch.Kind.ANY, null, false, numbers.min(), !numbers.minOpen()));
    }
    if (numbers.max() != null) {
      rest.add(range(Branch.Kind.ANY, numbers.max(), !numbers.maxOpen(), null, false));
    }
    if (numbers.kind() != Branch.Kind.ANY) {
      Branch.Kind other =
          numbers.kind() == Branch.Kind.INTEGER ? Branch.Kind.FRACTION : Branch.Kind.INTEGER;
      rest.add(range(other, numbers.min(), numbers.minOpen(), numbers.max(), numbers.maxOpen()));
    }
  }

  private static Branch range(
      Branch.Kind kind, BigDecimal min, boolean minOpen, BigDecimal max, boolean maxOpen) {
    return new Branch.Numbers(kind, min, minOpen, max, maxOpen, Set.of());
  }

  private void texts(Branch.Texts texts, List<Branch> rest) {
    Dfa others = DfaAlgebra.minus(Dfa.ANYTHING, texts.chars(), effort);
    if (!others.isEmpty()) {
      rest.add(new Branch.Texts(others, 0, Branch.NO_MAX));
    }
    if (texts.min() > 0) {
      rest.add(new Branch.Texts(texts.chars(), 0, texts.min() - 1));
    }
    if (texts.max() < Branch.NO_MAX) {
      rest.add(new Branch.Texts(texts.chars(), texts.max() + 1, Branch.NO_MAX));
    }
  }

  private static void items(Branch.Items items, List<Branch> rest, String where) {
    if (items.distinct() != null && items.max() > 1) {
      throw unsupported(where, "uniqueItems");
    }
    if (items.min() > 0) {
      rest.add(sized(0, items.min() - 1));
    }
    if (items.max() < Branch.NO_MAX) {
      rest.add(sized(items.max() + 1, Branch.NO_MAX));
    }
    List<Conjunction> before = new ArrayList<>();
    for (Conjunction condition : items.prefix()) {
      if (condition.isNever()) {
        rest.add(sized(before.size() + 1, Branch.NO_MAX));
      }
      for (Conjunction opposite : condition.opposites()) {
        List<Conjunction> prefix = new ArrayList<>(before);
        prefix.add(opposite);
        rest.add(new Branch.Items(prefix, Conjunction.ALWAYS, prefix.size(), Branch.NO_MAX));
      }
      before.add(Conjunction.ALWAYS);
    }
    if (items.items().isNever()) {
      rest.add(sized(before.size() + 1, Branch.NO_MAX));
    }
    for (Conjunction opposite : items.items().opposites()) {
      rest.add(counting(opposite, before.size(), 1, Branch.NO_MAX));
    }
    for (Branch.Counted counted : items.counted()) {
      if (counted.min() > 0) {
        rest.add(counting(counted.condition(), counted.from(), 0, counted.min() - 1));
      }
      if (counted.max() < Branch.NO_MAX) {
        rest.add(counting(counted.condition(), counted.from(), counted.max() + 1, Branch.NO_MAX));
      }
    }
  }

  /** Shorter or longer ones, and those that differ in an item. */
  private void array(List<JsonValue> values, List<Branch> rest) {
    if (!values.isEmpty()) {
      rest.add(sized(0, values.size() - 1));
    }
    rest.add(sized(values.size() + 1, Branch.NO_MAX));
    List<Conjunction> before = new ArrayList<>();
    for (JsonValue value : values) {
      List<Conjunction> prefix = new ArrayList<>(before);
      prefix.add(other(value));
      rest.add(new Branch.Items(prefix, Conjunction.ALWAYS, prefix.size(), Branch.NO_MAX));
      before.add(Conjunction.ALWAYS);
    }
  }

  /** Those with more members, and those that lack one or differ in it. */
  private void object(Map<String, JsonValue> members, List<Branch> rest) {
    rest.add(counted(members.size() + 1, Branch.NO_MAX));
    members.forEach((name, value) -> {
      rest.add(withMember(name, Conjunction.NEVER, false));
      rest.add(withMember(name, other(value), true));
    });
  }

  private Conjunction other(JsonValue value) {
    return Conjunction.of(document.given(value)).opposites().getFirst();
  }

  private static Branch sized(int min, int max) {
    return new Branch.Items(List.of(), Conjunction.ALWAYS, min, max);
  }

  private static Branch counting(Conjunction condition, int from, int min, int max) {
    return Branch.Items.counting(new Branch.Counted(condition, from, min, max));
  }

  /** An object is outside if a required member is missing or a member's condition fails. */
  private static void members(Branch.Members members, List<Branch> rest, String where) {
    for (String name : members.required()) {
      rest.add(withMember(name, Conjunction.NEVER, false));
    }
    members
        .declared()
        .forEach((name, condition) -> {
          if (condition.isNever()) {
            rest.add(withMember(name, Conjunction.ALWAYS, true));
          }
          for (Conjunction opposite : condition.opposites()) {
            rest.add(withMember(name, opposite, true));
          }
        });
    Dfa free = Dfa.NOTHING;
    for (Branch.Names other : members.others()) {
      if (!other.condition().isAlways()) {
        throw unsupported(where, "conditions on members that are not listed under properties");
      }
      free = other.names();
    }
    if (members.others().size() != 1 || free != Dfa.ANYTHING) {
      throw unsupported(where, "which further members an object may have");
    }
    if (members.min() > 0) {
      rest.add(counted(0, members.min() - 1));
    }
    if (members.max() < Branch.NO_MAX) {
      rest.add(counted(members.max() + 1, Branch.NO_MAX));
    }
  }

  private static Branch withMember(String name, Conjunction condition, boolean required) {
    Map<String, Conjunction> declared = new LinkedHashMap<>();
    declared.put(name, condition);
    Set<String> names = new LinkedHashSet<>();
    if (required) {
      names.add(name);
    }
    return new Branch.Members(declared, names, Branch.Members.ANY.others(), 0, Branch.NO_MAX);
  }

  private static Branch counted(int min, int max) {
    return new Branch.Members(Map.of(), Set.of(), Branch.Members.ANY.others(), min, max);
  }

  private static GrammarException unsupported(String where, String what) {
    return new GrammarException(
        where, "the opposite of " + what + " is not supported; say what is allowed instead");
  }
}
