package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.grammar.regular.Effort;
import dev.qwenmcp.engine.grammar.regular.RegularLanguageException;
import dev.qwenmcp.engine.json.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings conjunctions of subschemas into alternatives. What is under properties and items stays a
 * conjunction, so that recursive schemas are no matter.
 */
final class Branches {
  /** Alternatives of one conjunction; products of unions grow quickly. */
  private static final int MAX_ALTERNATIVES = 400;

  /** Options of which every choice is looked at. */
  private static final int MAX_CHOICES = 6;

  private final SchemaDocument document;
  private final Effort effort;
  private final BranchAlgebra algebra;
  private final BranchComplement complement;
  private final KeywordReader keywords;
  private final Map<Conjunction, List<Branch>> conjunctions = new HashMap<>();
  private final Map<Asked, List<Branch>> nodes = new HashMap<>();
  private final Set<Asked> open = new HashSet<>();
  private final Disjointness disjointness;
  private final Unevaluated unevaluated;

  Branches(SchemaDocument document, Effort effort) {
    this.document = document;
    this.effort = effort;
    this.algebra = new BranchAlgebra(effort, this::holds);
    this.complement = new BranchComplement(document, effort);
    this.keywords = new KeywordReader(document, this::of, effort);
    this.disjointness = new Disjointness(this, effort);
    this.unevaluated = new Unevaluated(keywords, effort);
  }

  /**
   * A subschema, and whether alternatives are to say which members and items they speak of: only
   * {@code unevaluatedProperties} and {@code unevaluatedItems} ask, and it takes more alternatives.
   */
  private record Asked(int node, boolean tracked) {}

  /** The alternatives of a conjunction, none if nothing satisfies it. */
  List<Branch> of(Conjunction conjunction) {
    List<Branch> known = conjunctions.get(conjunction);
    if (known != null) {
      return known;
    }
    List<Branch> branches = conjunction.isNever() ? List.of() : Branch.ANY;
    for (int i = 0; i < conjunction.size(); i++) {
      SchemaNode node = document.node(conjunction.node(i));
      List<Branch> term = of(node);
      branches = and(branches, conjunction.negated(i) ? not(term, node.pointer()) : term, node);
    }
    conjunctions.put(conjunction, branches);
    return branches;
  }

  /** Where the first subschema of a conjunction stands, as a pointer. */
  String where(Conjunction conjunction) {
    return conjunction.size() == 0 ? "#" : document.node(conjunction.node(0)).pointer();
  }

  /** Whether a value satisfies a conjunction. */
  private boolean holds(Conjunction condition, JsonValue value) {
    return of(condition).stream().anyMatch(branch -> algebra.contains(branch, value));
  }

  private List<Branch> of(SchemaNode node) {
    return of(node, false);
  }

  private List<Branch> of(SchemaNode node, boolean tracked) {
    Asked asked = new Asked(node.index(), tracked);
    List<Branch> known = nodes.get(asked);
    if (known != null) {
      return known;
    }
    if (!open.add(asked)) {
      throw new GrammarException(
          node.pointer(), "refers to itself without a property or item in between");
    }
    try {
      List<Branch> branches = compute(node, tracked);
      nodes.put(asked, branches);
      return branches;
    } catch (RegularLanguageException e) {
      throw new GrammarException(node.pointer(), e.getMessage());
    } finally {
      open.remove(asked);
    }
  }

  private List<Branch> compute(SchemaNode node, boolean asked) {
    if (node.schema() instanceof JsonValue.Bool(var value)) {
      return value ? Branch.ANY : List.of();
    }
    if (node.has("$ref") && document.referencesStandAlone()) {
      return of(reference(node, "$ref"), asked);
    }
    Keywords.check(node);
    boolean tracked = asked || unevaluated.concerns(node);
    List<Branch> branches = keywords.read(node, tracked);
    if (node.get("enum") instanceof JsonValue.Array(var values)) {
      branches = and(branches, values(values), node);
    } else if (node.has("enum")) {
      throw node.error("enum", "must be an array");
    }
    if (node.has("const")) {
      branches = and(branches, values(List.of(node.get("const"))), node);
    }
    for (String keyword : List.of("$ref", "$dynamicRef")) {
      if (node.has(keyword)) {
        branches = and(branches, of(reference(node, keyword), tracked), node);
      }
    }
    for (SchemaNode all : keywords.schemas(node, "allOf")) {
      branches = and(branches, of(all, tracked), node);
    }
    if (node.has("anyOf")) {
      branches = and(branches, anyOf(node, tracked), node);
    }
    if (node.has("oneOf")) {
      branches = oneOf(node, branches, tracked);
    }
    if (node.has("not")) {
      SchemaNode not = document.child(node, node.get("not"), "not");
      branches = and(branches, not(of(not), not.pointer()), node);
    }
    branches = conditional(node, branches, tracked);
    branches = dependencies(node, branches, tracked);
    return tracked ? unevaluated.apply(node, branches, asked) : branches;
  }

  /**
   * Any of the options. Where it matters which members they speak of, all options that hold count:
   * then each choice of options is an alternative, of which those with more options allow more.
   */
  private List<Branch> anyOf(SchemaNode node, boolean tracked) {
    List<List<Branch>> options =
        keywords.schemas(node, "anyOf").stream().map(option -> of(option, tracked)).toList();
    List<Branch> any = new ArrayList<>();
    options.forEach(any::addAll);
    if (!tracked || any.stream().noneMatch(Unevaluated::speaks)) {
      return any;
    }
    if (options.size() > MAX_CHOICES) {
      throw node.error(
          "anyOf",
          "has more than " + MAX_CHOICES + " options, too many for the unevaluated keywords");
    }
    Set<Branch> choices = new LinkedHashSet<>();
    for (int choice = (1 << options.size()) - 1; choice > 0; choice--) {
      List<Branch> all = Branch.ANY;
      for (int i = 0; i < options.size(); i++) {
        all = (choice >> i & 1) == 1 ? and(all, options.get(i), node) : all;
      }
      choices.addAll(all);
    }
    return List.copyOf(choices);
  }

  private SchemaNode reference(SchemaNode node, String keyword) {
    if (!(node.get(keyword) instanceof JsonValue.Text(var reference))) {
      throw node.error(keyword, "must be a string");
    }
    SchemaNode target = document.resolve(node, reference);
    if (keyword.equals("$dynamicRef") && !document.onlyAnchor(target)) {
      throw node.error(
          keyword,
          "may lead to several places, as its $dynamicAnchor stands more than once; use $ref");
    }
    return target;
  }

  /** Given values: strings are kept together, all others are alternatives of their own. */
  private static List<Branch> values(List<JsonValue> values) {
    List<Branch> branches = new ArrayList<>();
    Set<String> words = new LinkedHashSet<>();
    for (JsonValue value : values) {
      switch (value) {
        case JsonValue.Null() -> branches.add(new Branch.Nothing());
        case JsonValue.Bool(var flag) -> branches.add(new Branch.Flag(flag));
        case JsonValue.Number number -> branches.add(Branch.Numbers.only(number.value()));
        case JsonValue.Text(var text) -> words.add(text);
        default -> branches.add(new Branch.Value(value));
      }
    }
    if (!words.isEmpty()) {
      branches.add(new Branch.Words(words));
    }
    return branches;
  }

  /** All pairs that have something in common. */
  private List<Branch> and(List<Branch> left, List<Branch> right, SchemaNode node) {
    if (right == Branch.ANY) {
      return left;
    }
    Set<Branch> both = new LinkedHashSet<>();
    for (Branch a : left) {
      for (Branch b : right) {
        Branch branch = algebra.and(a, b);
        if (branch != null) {
          both.add(branch);
        }
      }
    }
    if (both.size() > MAX_ALTERNATIVES) {
      throw new GrammarException(
          node.pointer(),
          "has more than " + MAX_ALTERNATIVES + " alternatives when combined; simplify it");
    }
    return List.copyOf(both);
  }

  private List<Branch> not(List<Branch> branches, String where) {
    List<Branch> rest = Branch.ANY;
    for (Branch branch : branches) {
      List<Branch> next = new ArrayList<>();
      for (Branch a : rest) {
        for (Branch b : complement.of(branch, where)) {
          Branch both = algebra.and(a, b);
          if (both != null) {
            next.add(both);
          }
        }
      }
      if (next.size() > MAX_ALTERNATIVES) {
        throw new GrammarException(where, "its opposite has too many alternatives; simplify it");
      }
      rest = next;
    }
    return rest;
  }

  /**
   * Exactly one of the options. Where two can be shown to have no value in common it is either;
   * otherwise one without the other, if that can be said.
   */
  private List<Branch> oneOf(SchemaNode node, List<Branch> branches, boolean tracked) {
    List<SchemaNode> options = keywords.schemas(node, "oneOf");
    List<List<Branch>> narrowed = new ArrayList<>();
    for (SchemaNode option : options) {
      narrowed.add(and(branches, of(option, tracked), node));
    }
    List<Branch> one = new ArrayList<>();
    for (int i = 0; i < options.size(); i++) {
      List<Branch> only = narrowed.get(i);
      for (int j = 0; j < options.size(); j++) {
        if (j != i && !disjointness.shown(narrowed.get(i), narrowed.get(j))) {
          try {
            only = and(only, not(of(options.get(j)), options.get(j).pointer()), node);
          } catch (GrammarException e) {
            throw node.error(
                "oneOf",
                "options "
                    + Math.min(i, j)
                    + " and "
                    + Math.max(i, j)
                    + " may both hold of a value; use anyOf, or tell them apart by a required"
                    + " property with a const ("
                    + e.problem()
                    + ")");
          }
        }
      }
      one.addAll(only);
    }
    return List.copyOf(new LinkedHashSet<>(one));
  }

  /** {@code if} holds and so does {@code then}, or it does not and {@code else} does. */
  private List<Branch> conditional(SchemaNode node, List<Branch> branches, boolean tracked) {
    if (!node.has("if") || !tracked && !node.has("then") && !node.has("else")) {
      return branches;
    }
    SchemaNode condition = document.child(node, node.get("if"), "if");
    List<Branch> holds = and(branches, of(condition, tracked), node);
    List<Branch> fails = and(branches, not(of(condition), condition.pointer()), node);
    if (node.has("then")) {
      holds = and(holds, of(document.child(node, node.get("then"), "then"), tracked), node);
    }
    if (node.has("else")) {
      fails = and(fails, of(document.child(node, node.get("else"), "else"), tracked), node);
    }
    Set<Branch> either = new LinkedHashSet<>(holds);
    either.addAll(fails);
    return List.copyOf(either);
  }

  /**
   * {@code dependentRequired}, {@code dependentSchemas}, and {@code dependencies}, which is both.
   */
  private List<Branch> dependencies(SchemaNode node, List<Branch> branches, boolean tracked) {
    List<Branch> narrowed = branches;
    for (String keyword : List.of("dependentRequired", "dependentSchemas", "dependencies")) {
      if (!node.has(keyword)) {
        continue;
      }
      if (!(node.get(keyword) instanceof JsonValue.Obj dependencies)) {
        throw node.error(keyword, "must be an object");
      }
      for (var dependency : dependencies.members().entrySet()) {
        String name = dependency.getKey();
        List<Branch> then =
            dependency.getValue() instanceof JsonValue.Array(var names)
                ? KeywordReader.requiring(keywords.names(node, keyword, names))
                : of(document.child(node, dependency.getValue(), keyword, name), tracked);
        List<Branch> with = and(KeywordReader.requiring(Set.of(name)), then, node);
        List<Branch> either = new ArrayList<>(KeywordReader.without(name));
        either.addAll(with);
        narrowed = and(narrowed, either, node);
      }
    }
    return narrowed;
  }
}
