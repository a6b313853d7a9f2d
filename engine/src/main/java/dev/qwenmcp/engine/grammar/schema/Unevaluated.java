package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.regular.Dfa;
import dev.qwenmcp.engine.grammar.regular.DfaAlgebra;
import dev.qwenmcp.engine.grammar.regular.Effort;
import dev.qwenmcp.engine.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code unevaluatedProperties} and {@code unevaluatedItems}: conditions on the members and items
 * that no schema has spoken of that holds of the same value.
 */
final class Unevaluated {
  private final KeywordReader keywords;
  private final Effort effort;

  Unevaluated(KeywordReader keywords, Effort effort) {
    this.keywords = keywords;
    this.effort = effort;
  }

  /** Whether a subschema has one of the keywords. */
  boolean concerns(SchemaNode node) {
    return node.has("unevaluatedProperties") || node.has("unevaluatedItems");
  }

  /** Whether an alternative speaks of any members or items. */
  static boolean speaks(Branch branch) {
    return switch (branch) {
      case Branch.Members members -> !members.evaluated().isEmpty();
      case Branch.Items items -> items.evaluated() > 0;
      default -> false;
    };
  }

  /**
   * The alternatives under the keywords of a subschema.
   *
   * @param branches they say which members and items they speak of
   * @param asked whether the result is to say so
   */
  List<Branch> apply(SchemaNode node, List<Branch> branches, boolean asked) {
    Set<Branch> narrowed = new LinkedHashSet<>();
    for (Branch branch : branches) {
      Branch next =
          switch (branch) {
            case Branch.Members members when node.has("unevaluatedProperties") ->
                members(node, members);
            case Branch.Items items when node.has("unevaluatedItems") -> items(node, items);
            case Branch.Value(var value) -> given(node, branch, value);
            default -> branch;
          };
      if (next != null) {
        narrowed.add(asked ? next : silent(next));
      }
    }
    List<Branch> list = List.copyOf(narrowed);
    return list.equals(Branch.ANY) ? Branch.ANY : list;
  }

  private static Branch silent(Branch branch) {
    return switch (branch) {
      case Branch.Members members -> members.withEvaluated(Dfa.NOTHING);
      case Branch.Items items -> items.withEvaluated(0);
      default -> branch;
    };
  }

  private static Branch given(SchemaNode node, Branch branch, JsonValue value) {
    String keyword =
        value instanceof JsonValue.Array ? "unevaluatedItems" : "unevaluatedProperties";
    if (node.has(keyword)) {
      throw node.error(keyword, "is not supported beside const or enum with such values");
    }
    return branch;
  }

  private Branch members(SchemaNode node, Branch.Members members) {
    Conjunction rest =
        keywords.condition(node, node.get("unevaluatedProperties"), "unevaluatedProperties");
    Dfa evaluated = members.evaluated();
    Map<String, Conjunction> declared = new LinkedHashMap<>();
    members
        .declared()
        .forEach((name, condition) ->
            declared.put(name, evaluated.accepts(name) ? condition : condition.and(rest)));
    if (members.required().stream().anyMatch(name -> declared.get(name).isNever())) {
      return null;
    }
    List<Branch.Names> others = new ArrayList<>();
    for (Branch.Names other : members.others()) {
      add(others, DfaAlgebra.and(other.names(), evaluated, effort), other.condition());
      add(
          others,
          evaluated.isEmpty() ? other.names() : DfaAlgebra.minus(other.names(), evaluated, effort),
          other.condition().and(rest));
    }
    return new Branch.Members(
        declared, members.required(), others, members.min(), members.max(), Dfa.ANYTHING);
  }

  private static void add(List<Branch.Names> list, Dfa names, Conjunction condition) {
    if (!names.isEmpty() && !condition.isNever()) {
      list.add(new Branch.Names(names, condition));
    }
  }

  private Branch items(SchemaNode node, Branch.Items items) {
    if (!items.counted().isEmpty()) {
      throw node.error("unevaluatedItems", "is not supported beside contains");
    }
    if (items.evaluated() == Branch.NO_MAX) {
      return items;
    }
    Conjunction rest = keywords.condition(node, node.get("unevaluatedItems"), "unevaluatedItems");
    List<Conjunction> prefix = new ArrayList<>();
    for (int i = 0; i < Math.max(items.prefix().size(), items.evaluated()); i++) {
      prefix.add(i < items.evaluated() ? items.item(i) : items.item(i).and(rest));
    }
    Conjunction further = items.items().and(rest);
    int max = further.isNever() ? Math.min(items.max(), prefix.size()) : items.max();
    return items.min() > max
        ? null
        : new Branch.Items(
            prefix,
            further,
            items.min(),
            max,
            items.counted(),
            max < 2 ? null : items.distinct(),
            Branch.NO_MAX);
  }
}
