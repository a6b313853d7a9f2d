package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.grammar.regular.Dfa;
import dev.qwenmcp.engine.grammar.regular.DfaAlgebra;
import dev.qwenmcp.engine.grammar.regular.Effort;
import dev.qwenmcp.engine.grammar.regular.Regex;
import dev.qwenmcp.engine.grammar.regular.RegularLanguageException;
import dev.qwenmcp.engine.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Reads the keywords that condition one JSON type each. */
final class KeywordReader {
  private final SchemaDocument document;
  private final Effort effort;
  private final MemberKeywords members;
  private final Map<String, Dfa> patterns = new HashMap<>();

  /**
   * @param alternatives brings a subschema into alternatives
   */
  KeywordReader(
      SchemaDocument document, Function<SchemaNode, List<Branch>> alternatives, Effort effort) {
    this.document = document;
    this.effort = effort;
    this.members = new MemberKeywords(document, this, alternatives, effort);
  }

  /**
   * The alternatives that {@code type} and the keywords of single types leave.
   *
   * @param tracked whether they say which members and items they speak of
   */
  List<Branch> read(SchemaNode node, boolean tracked) {
    Set<String> types = types(node);
    List<Branch> branches = new ArrayList<>();
    for (Branch any : Branch.ANY) {
      switch (any) {
        case Branch.Nothing nothing when types.contains("null") -> branches.add(nothing);
        case Branch.Flag flag when types.contains("boolean") -> branches.add(flag);
        case Branch.Numbers all when types.contains("number") ->
            add(branches, numbers(node, Branch.Kind.ANY));
        case Branch.Numbers all when types.contains("integer") ->
            add(branches, numbers(node, Branch.Kind.INTEGER));
        case Branch.Texts all when types.contains("string") -> add(branches, texts(node));
        case Branch.Items all when types.contains("array") -> add(branches, items(node, tracked));
        case Branch.Members all when types.contains("object") -> {
          Branch.Members read = members.read(node);
          add(
              branches,
              read != null && tracked ? read.withEvaluated(members.evaluated(node)) : read);
        }
        default -> {}
      }
    }
    return branches.equals(Branch.ANY) ? Branch.ANY : branches;
  }

  private static void add(List<Branch> branches, Branch branch) {
    if (branch != null) {
      branches.add(branch);
    }
  }

  private static final Set<String> TYPES =
      Set.of("null", "boolean", "number", "integer", "string", "array", "object");

  private static Set<String> types(SchemaNode node) {
    JsonValue type = node.get("type");
    if (type == null) {
      return TYPES;
    }
    List<JsonValue> listed = type instanceof JsonValue.Array(var values) ? values : List.of(type);
    Set<String> types = new LinkedHashSet<>();
    for (JsonValue value : listed) {
      if (!(value instanceof JsonValue.Text(var name)) || !TYPES.contains(name)) {
        throw node.error(
            "type", "must be one of " + TYPES.stream().sorted().toList() + ", not " + value);
      }
      types.add(name);
    }
    return types;
  }

  private static Branch numbers(SchemaNode node, Branch.Kind kind) {
    BigDecimal min = number(node, "minimum");
    boolean minOpen = false;
    BigDecimal max = number(node, "maximum");
    boolean maxOpen = false;
    // Draft 4: booleans that say how minimum and maximum are meant.
    if (node.get("exclusiveMinimum") instanceof JsonValue.Bool(var open)) {
      minOpen = open;
    } else {
      BigDecimal bound = number(node, "exclusiveMinimum");
      if (bound != null && (min == null || bound.compareTo(min) >= 0)) {
        min = bound;
        minOpen = true;
      }
    }
    if (node.get("exclusiveMaximum") instanceof JsonValue.Bool(var open)) {
      maxOpen = open;
    } else {
      BigDecimal bound = number(node, "exclusiveMaximum");
      if (bound != null && (max == null || bound.compareTo(max) <= 0)) {
        max = bound;
        maxOpen = true;
      }
    }
    Set<BigDecimal> divisors = new LinkedHashSet<>();
    BigDecimal divisor = number(node, "multipleOf");
    if (divisor != null) {
      if (divisor.signum() <= 0) {
        throw node.error("multipleOf", "must be greater than 0");
      }
      divisors.add(divisor.stripTrailingZeros());
    }
    if (min == null && max == null && divisors.isEmpty() && kind == Branch.Kind.ANY) {
      return Branch.Numbers.ANY;
    }
    int order = min == null || max == null ? -1 : min.compareTo(max);
    return order > 0 || order == 0 && (minOpen || maxOpen)
        ? null
        : new Branch.Numbers(
            kind, min, minOpen && min != null, max, maxOpen && max != null, divisors);
  }

  private Branch texts(SchemaNode node) {
    int min = count(node, "minLength", 0);
    int max = count(node, "maxLength", Branch.NO_MAX);
    Dfa chars = Dfa.ANYTHING;
    if (node.has("pattern")) {
      if (!(node.get("pattern") instanceof JsonValue.Text(var pattern))) {
        throw node.error("pattern", "must be a string");
      }
      chars = pattern(node, pattern, "pattern");
    }
    if (node.has("format")) {
      if (!(node.get("format") instanceof JsonValue.Text(var format))) {
        throw node.error("format", "must be a string");
      }
      String expression = Formats.expression(node, format);
      if (expression != null) {
        Dfa language =
            patterns.computeIfAbsent(
                "format " + format, key -> Regex.parse(expression).matching(effort));
        chars = DfaAlgebra.and(chars, language, effort);
        max = Math.min(max, Formats.maxLength(format));
      }
    }
    if (min > max || chars.isEmpty()) {
      return null;
    }
    return min == 0 && max == Branch.NO_MAX && chars == Dfa.ANYTHING
        ? Branch.Texts.ANY
        : new Branch.Texts(chars, min, max);
  }

  /** The strings that hold a match of a pattern. */
  Dfa pattern(SchemaNode node, String pattern, String... path) {
    Dfa known = patterns.get(pattern);
    if (known == null) {
      try {
        known = Regex.parse(pattern).containing(effort);
      } catch (RegularLanguageException e) {
        throw new GrammarException(node.at(path), e.getMessage());
      }
      patterns.put(pattern, known);
    }
    return known;
  }

  private Branch items(SchemaNode node, boolean tracked) {
    int min = count(node, "minItems", 0);
    int max = count(node, "maxItems", Branch.NO_MAX);
    List<Conjunction> prefix = new ArrayList<>();
    Conjunction items = Conjunction.ALWAYS;
    String prefixKeyword = node.has("prefixItems") ? "prefixItems" : "items";
    String restKeyword = node.has("prefixItems") ? "items" : "additionalItems";
    if (node.get(prefixKeyword) instanceof JsonValue.Array(var schemas)) {
      for (int i = 0; i < schemas.size(); i++) {
        prefix.add(condition(node, schemas.get(i), prefixKeyword, Integer.toString(i)));
      }
      if (node.has(restKeyword)) {
        items = condition(node, node.get(restKeyword), restKeyword);
      }
    } else if (node.has("items")) {
      items = condition(node, node.get("items"), "items");
    }
    boolean all =
        node.has("additionalItems")
            || node.has("items") && (prefix.isEmpty() || node.has(restKeyword));
    if (items.isNever()) {
      max = Math.min(max, prefix.size());
    }
    List<Branch.Counted> counted = contained(node, tracked);
    for (Branch.Counted each : counted) {
      min = Math.max(min, each.min());
    }
    if (min > max || counted.stream().anyMatch(each -> each.min() > each.max())) {
      return null;
    }
    boolean distinct =
        node.get("uniqueItems") instanceof JsonValue.Bool(var unique) && unique && max > 1;
    Branch.Items read =
        new Branch.Items(
            prefix,
            items,
            min,
            max,
            counted,
            distinct ? node.at("uniqueItems") : null,
            !tracked ? 0 : all ? Branch.NO_MAX : prefix.size());
    return read.equals(Branch.Items.ANY) ? Branch.Items.ANY : read;
  }

  /**
   * What {@code contains} and its bounds say; nothing where every array satisfies it, unless it
   * matters which items are spoken of.
   */
  private List<Branch.Counted> contained(SchemaNode node, boolean tracked) {
    if (!node.has("contains")) {
      return List.of();
    }
    boolean bounds = !document.referencesStandAlone(); // since draft 2019-09
    int min = bounds ? count(node, "minContains", 1) : 1;
    int max = bounds ? count(node, "maxContains", Branch.NO_MAX) : Branch.NO_MAX;
    if (min == 0 && max == Branch.NO_MAX && !tracked) {
      return List.of();
    }
    Conjunction condition = Conjunction.of(document.child(node, node.get("contains"), "contains"));
    return List.of(new Branch.Counted(condition, 0, min, max));
  }

  /** The condition that a subschema states. */
  Conjunction condition(SchemaNode node, JsonValue schema, String... path) {
    SchemaNode child = document.child(node, schema, path);
    if (schema instanceof JsonValue.Bool(var holds)) {
      return holds ? Conjunction.ALWAYS : Conjunction.NEVER;
    }
    return schema instanceof JsonValue.Obj object && object.members().isEmpty()
        ? Conjunction.ALWAYS
        : Conjunction.of(child);
  }

  /** The subschemas of a list. */
  List<SchemaNode> schemas(SchemaNode node, String keyword) {
    JsonValue value = node.get(keyword);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof JsonValue.Array(var values)) || values.isEmpty()) {
      throw node.error(keyword, "must be an array of at least one schema");
    }
    List<SchemaNode> schemas = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      schemas.add(document.child(node, values.get(i), keyword, Integer.toString(i)));
    }
    return schemas;
  }

  /** Strings of a list. */
  Set<String> names(SchemaNode node, String keyword, List<JsonValue> values) {
    Set<String> names = new LinkedHashSet<>();
    for (JsonValue value : values) {
      if (!(value instanceof JsonValue.Text(var name))) {
        throw node.error(keyword, "must be an array of strings");
      }
      names.add(name);
    }
    return names;
  }

  /** Everything but objects without these members. */
  static List<Branch> requiring(Set<String> names) {
    Map<String, Conjunction> declared = new LinkedHashMap<>();
    names.forEach(name -> declared.put(name, Conjunction.ALWAYS));
    return withObjects(
        new Branch.Members(declared, names, Branch.Members.ANY.others(), 0, Branch.NO_MAX));
  }

  /** Everything but objects with this member. */
  static List<Branch> without(String name) {
    return withObjects(
        new Branch.Members(
            Map.of(name, Conjunction.NEVER),
            Set.of(),
            Branch.Members.ANY.others(),
            0,
            Branch.NO_MAX));
  }

  private static List<Branch> withObjects(Branch.Members objects) {
    List<Branch> branches = new ArrayList<>(Branch.ANY);
    branches.replaceAll(branch -> branch instanceof Branch.Members ? objects : branch);
    return branches;
  }

  private static BigDecimal number(SchemaNode node, String keyword) {
    return switch (node.get(keyword)) {
      case null -> null;
      case JsonValue.Number number -> number.value();
      default -> throw node.error(keyword, "must be a number");
    };
  }

  /** A count; those beyond what an int holds are as good as no bound. */
  static int count(SchemaNode node, String keyword, int otherwise) {
    JsonValue value = node.get(keyword);
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof JsonValue.Number number)
        || !number.integer()
        || number.value().signum() < 0) {
      throw node.error(keyword, "must be a whole number of at least 0");
    }
    return number.value().min(BigDecimal.valueOf(Branch.NO_MAX)).intValue();
  }
}
