package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.grammar.MemberLimits;
import dev.qwenmcp.engine.grammar.TextTerminal;
import dev.qwenmcp.engine.grammar.regular.Dfa;
import dev.qwenmcp.engine.grammar.regular.DfaAlgebra;
import dev.qwenmcp.engine.grammar.regular.Effort;
import dev.qwenmcp.engine.grammar.regular.Regex;
import dev.qwenmcp.engine.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * The values that the items of an array may have if none comes twice: given ones, which have
 * numbers, and the strings and numbers of a language, which are remembered by their texts.
 */
final class DistinctItems {
  /** Given numbers beyond which they are better read as a language. */
  private static final int MANY = 16;

  /** The texts of all decimal numbers, one for each. */
  private static final String NUMBERS = "0|-?[1-9][0-9]*|-?(?:0|[1-9][0-9]*)\\.[0-9]*[1-9]";

  private final String where;
  private final Effort effort;
  private final Set<String> words = new LinkedHashSet<>();
  private final Set<JsonValue> values = new LinkedHashSet<>();
  private final Set<JsonValue> points = new LinkedHashSet<>(); // numbers that are given
  private Dfa texts = Dfa.NOTHING;
  private Dfa numbers = Dfa.NOTHING;
  private final List<TextTerminal> others = new ArrayList<>();
  private final long count;

  /**
   * @param items an array with {@link Branch.Items#distinct()}
   * @param values the alternatives of its items
   * @throws GrammarException if such items cannot be told apart while they are written
   */
  DistinctItems(Branch.Items items, List<Branch> values, Effort effort) {
    this.where = items.distinct();
    this.effort = effort;
    if (!items.prefix().isEmpty() || !items.counted().isEmpty()) {
      throw unsupported("beside prefixItems or contains");
    }
    values.forEach(this::add);
    if (!texts.isEmpty()) {
      texts = DfaAlgebra.or(texts, Dfa.literals(words), effort);
      words.clear();
      others.add(TextTerminal.once(texts, TextTerminal.Encoding.JSON, effort));
    }
    if (size(numbers) == points.size() && points.size() <= MANY) {
      this.values.addAll(points);
      numbers = Dfa.NOTHING;
    } else if (!numbers.isEmpty()) {
      others.add(TextTerminal.once(numbers, TextTerminal.Encoding.RAW, effort));
    }
    long open = Math.max(size(texts), size(numbers));
    count =
        open == MemberLimits.ENDLESS
            ? open
            : words.size() + this.values.size() + size(texts) + size(numbers);
  }

  private void add(Branch branch) {
    switch (branch) {
      case Branch.Nothing() -> values.add(JsonValue.NULL);
      case Branch.Flag(var value) -> values.add(new JsonValue.Bool(value));
      case Branch.Words(var all) -> words.addAll(all);
      case Branch.Value(var value) -> values.add(value);
      case Branch.Texts some ->
          texts = DfaAlgebra.or(texts, MemberKeywords.bounded(some, effort), effort);
      case Branch.Numbers range -> {
        if (range.min() != null && range.min().equals(range.max())) {
          BigDecimal point = range.min().stripTrailingZeros();
          points.add(new JsonValue.Number(point.toPlainString(), point));
        }
        Dfa canonical = Regex.parse(NUMBERS).matching(effort);
        Dfa spelled = DfaAlgebra.and(new NumberLanguage(effort).of(range), canonical, effort);
        numbers = DfaAlgebra.or(numbers, spelled, effort);
      }
      case Branch.Items array -> throw unsupported("where items may be arrays");
      case Branch.Members object -> throw unsupported("where items may be objects");
    }
  }

  private GrammarException unsupported(String when) {
    return new GrammarException(
        where, "cannot be enforced while a text is written " + when + "; check it afterwards");
  }

  private static long size(Dfa language) {
    return language.isEmpty() ? 0 : language.sizes()[Dfa.START];
  }

  /** How many values there are; {@link MemberLimits#ENDLESS} for no end. */
  long count() {
    return count;
  }

  /** The given strings, in the order of their spellings. */
  List<String> words() {
    TreeMap<String, String> bySpelling = new TreeMap<>();
    words.forEach(word -> bySpelling.put(new JsonValue.Text(word).toString(), word));
    return List.copyOf(bySpelling.values());
  }

  /** The other given values. */
  List<JsonValue> values() {
    return List.copyOf(values);
  }

  /** What else may come. */
  List<TextTerminal> others() {
    return others;
  }
}
