package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.regular.Dfa;
import dev.qwenmcp.engine.grammar.regular.DfaAlgebra;
import dev.qwenmcp.engine.grammar.regular.Effort;
import dev.qwenmcp.engine.grammar.regular.Regex;
import dev.qwenmcp.engine.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Reads the keywords that condition objects. */
final class MemberKeywords {
  private final SchemaDocument document;
  private final KeywordReader keywords;
  private final Function<SchemaNode, List<Branch>> alternatives;
  private final Effort effort;

  /**
   * @param alternatives brings a subschema into alternatives
   */
  MemberKeywords(
      SchemaDocument document,
      KeywordReader keywords,
      Function<SchemaNode, List<Branch>> alternatives,
      Effort effort) {
    this.document = document;
    this.alternatives = alternatives;
    this.keywords = keywords;
    this.effort = effort;
  }

  /** The branch of objects, or null if there are none. */
  Branch.Members read(SchemaNode node) {
    int min = KeywordReader.count(node, "minProperties", 0);
    int max = KeywordReader.count(node, "maxProperties", Branch.NO_MAX);
    Set<String> required = required(node);
    List<Branch.Names> others = others(node);
    Map<String, Conjunction> declared = declared(node, others);
    if (node.has("propertyNames")) {
      others = restrictNames(node, declared, others);
    }
    for (String name : required) {
      if (!declared.containsKey(name)) {
        declared.put(
            name, new Branch.Members(Map.of(), Set.of(), others, 0, Branch.NO_MAX).condition(name));
      }
    }
    if (min > max || required.stream().anyMatch(name -> declared.get(name).isNever())) {
      return null;
    }
    List<Branch.Names> allowed =
        others.stream().filter(other -> !other.condition().isNever()).toList();
    return declared.isEmpty()
            && min == 0
            && max == Branch.NO_MAX
            && allowed.equals(Branch.Members.ANY.others())
        ? Branch.Members.ANY
        : new Branch.Members(declared, required, allowed, min, max);
  }

  private Set<String> required(SchemaNode node) {
    return switch (node.get("required")) {
      case null -> new LinkedHashSet<>();
      case JsonValue.Array(var names) -> keywords.names(node, "required", names);
      default ->
          throw node.error(
              "required", "must be an array of names beside properties (draft 3 is not supported)");
    };
  }

  /** Declared members with the conditions of patterns that match their names. */
  private Map<String, Conjunction> declared(SchemaNode node, List<Branch.Names> others) {
    Map<String, Conjunction> declared = new LinkedHashMap<>();
    if (!node.has("properties")) {
      return declared;
    }
    if (!(node.get("properties") instanceof JsonValue.Obj properties)) {
      throw node.error("properties", "must be an object");
    }
    Map<Dfa, Conjunction> patterns = patterns(node);
    for (var property : properties.members().entrySet()) {
      String name = property.getKey();
      Conjunction condition = keywords.condition(node, property.getValue(), "properties", name);
      for (var pattern : patterns.entrySet()) {
        if (pattern.getKey().accepts(name)) {
          condition = condition.and(pattern.getValue());
        }
      }
      declared.put(name, condition);
    }
    return declared;
  }

  /** The names of members that the keywords speak of. */
  Dfa evaluated(SchemaNode node) {
    if (node.has("additionalProperties")) {
      return Dfa.ANYTHING;
    }
    Dfa names =
        node.get("properties") instanceof JsonValue.Obj properties
            ? Dfa.literals(properties.members().keySet())
            : Dfa.NOTHING;
    for (Dfa pattern : patterns(node).keySet()) {
      names = DfaAlgebra.or(names, pattern, effort);
    }
    return names;
  }

  private Map<Dfa, Conjunction> patterns(SchemaNode node) {
    Map<Dfa, Conjunction> patterns = new LinkedHashMap<>();
    if (!node.has("patternProperties")) {
      return patterns;
    }
    if (!(node.get("patternProperties") instanceof JsonValue.Obj object)) {
      throw node.error("patternProperties", "must be an object");
    }
    for (var entry : object.members().entrySet()) {
      String pattern = entry.getKey();
      patterns.merge(
          keywords.pattern(node, pattern, "patternProperties", pattern),
          keywords.condition(node, entry.getValue(), "patternProperties", pattern),
          Conjunction::and);
    }
    return patterns;
  }

  /** Names parted by which patterns they match; those that match none are additional. */
  private List<Branch.Names> others(SchemaNode node) {
    Map<Dfa, Conjunction> patterns = patterns(node);
    List<Branch.Names> matched = new ArrayList<>();
    Dfa rest = Dfa.ANYTHING;
    for (var pattern : patterns.entrySet()) {
      List<Branch.Names> split = new ArrayList<>();
      for (Branch.Names names : matched) {
        add(
            split,
            DfaAlgebra.and(names.names(), pattern.getKey(), effort),
            names.condition().and(pattern.getValue()));
        add(split, DfaAlgebra.minus(names.names(), pattern.getKey(), effort), names.condition());
      }
      add(split, DfaAlgebra.and(rest, pattern.getKey(), effort), pattern.getValue());
      rest = DfaAlgebra.minus(rest, pattern.getKey(), effort);
      matched = split;
      if (matched.size() > 100) {
        throw node.error("patternProperties", "has too many patterns that overlap");
      }
    }
    add(matched, rest, additional(node));
    return matched;
  }

  private static void add(List<Branch.Names> list, Dfa names, Conjunction condition) {
    if (!names.isEmpty()) {
      list.add(new Branch.Names(names, condition));
    }
  }

  private Conjunction additional(SchemaNode node) {
    return node.has("additionalProperties")
        ? keywords.condition(node, node.get("additionalProperties"), "additionalProperties")
        : Conjunction.ALWAYS;
  }

  /** Takes away the names that {@code propertyNames} does not allow. */
  private List<Branch.Names> restrictNames(
      SchemaNode node, Map<String, Conjunction> declared, List<Branch.Names> others) {
    SchemaNode schema = document.child(node, node.get("propertyNames"), "propertyNames");
    Dfa allowed = Dfa.NOTHING;
    for (Branch branch : alternatives.apply(schema)) {
      if (branch instanceof Branch.Texts texts) {
        allowed = DfaAlgebra.or(allowed, bounded(texts, effort), effort);
      } else if (branch instanceof Branch.Words(var words)) {
        allowed = DfaAlgebra.or(allowed, Dfa.literals(words), effort);
      }
    }
    Dfa names = allowed;
    declared.replaceAll((name, condition) -> names.accepts(name) ? condition : Conjunction.NEVER);
    List<Branch.Names> restricted = new ArrayList<>();
    for (Branch.Names other : others) {
      add(restricted, DfaAlgebra.and(other.names(), names, effort), other.condition());
    }
    return restricted;
  }

  /** The texts of a branch with its bounds of length in the automaton. */
  static Dfa bounded(Branch.Texts texts, Effort effort) {
    if (texts.min() == 0 && texts.max() == Branch.NO_MAX) {
      return texts.chars();
    }
    String bounds =
        "[^]{" + texts.min() + "," + (texts.max() == Branch.NO_MAX ? "" : texts.max()) + "}";
    return DfaAlgebra.and(texts.chars(), Regex.parse(bounds).matching(effort), effort);
  }
}
