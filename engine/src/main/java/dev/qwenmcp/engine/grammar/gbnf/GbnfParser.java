package dev.qwenmcp.engine.grammar.gbnf;

import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.grammar.regular.CodePoints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Recursive descent over the rules of a grammar. */
final class GbnfParser {
  /** The rule that describes the whole text. */
  static final String ROOT = "root";

  /** Rules, and symbols in all of them: what a grammar in public use has, a hundred times over. */
  private static final int MAX_RULES = 5_000;

  private static final int MAX_SYMBOLS = 100_000;
  private static final int MAX_DEPTH = 100;
  private static final int MAX_REPEAT = 2_000;

  private final GbnfCursor in;
  private final Map<String, Expression> rules = new LinkedHashMap<>();

  /** By name: where a rule was first referred to. */
  private final Map<String, Integer> references = new HashMap<>();

  private int depth;
  private int symbols;

  GbnfParser(String source) {
    this.in = new GbnfCursor(source);
  }

  /**
   * The rules by name.
   *
   * @throws GrammarException if the grammar is malformed, not supported or too large, or a rule is
   *     missing
   */
  Map<String, Expression> parse() {
    in.space(true);
    while (!in.atEnd()) {
      rule();
      in.space(true);
    }
    if (rules.isEmpty()) {
      throw in.error("there is no rule; write root ::= and what the text is made of");
    }
    for (var reference : references.entrySet()) {
      if (!rules.containsKey(reference.getKey())) {
        in.moveTo(reference.getValue());
        throw in.error("there is no rule " + reference.getKey());
      }
    }
    if (!rules.containsKey(ROOT)) {
      throw new GrammarException(
          "grammar", "there is no rule root; name the rule of the whole text so");
    }
    return rules;
  }

  private void rule() {
    int start = in.position();
    String name = in.name();
    if (name.isEmpty()) {
      throw in.error("a rule must begin with its name (letters, digits, - and _) and ::=");
    }
    in.space(false);
    if (!in.skip("::=")) {
      throw in.error("::= must follow the name of rule " + name);
    }
    in.space(true);
    Expression expression = choice(false);
    if (!in.atEnd() && !in.atLineEnd()) {
      throw in.error(in.at(')') ? "unmatched ')'" : "the rule " + name + " must end here");
    }
    if (rules.putIfAbsent(name, expression) != null) {
      in.moveTo(start);
      throw in.error("the rule " + name + " is there already; join both with |");
    }
    if (rules.size() > MAX_RULES) {
      throw in.error("there are more than %,d rules".formatted(MAX_RULES));
    }
  }

  /**
   * @param group whether it stands in a group, where lines may end anywhere
   */
  private Expression choice(boolean group) {
    List<Expression> options = new ArrayList<>();
    options.add(sequence(group));
    while (bar(group)) {
      in.space(true);
      options.add(sequence(group));
    }
    return options.size() == 1 ? options.getFirst() : new Expression.Choice(options);
  }

  /** Passes over a bar, which may also begin the next line. */
  private boolean bar(boolean group) {
    if (in.skip("|")) {
      return true;
    }
    int here = in.position();
    if (!group) {
      in.space(true);
    }
    if (in.skip("|")) {
      return true;
    }
    in.moveTo(here);
    return false;
  }

  private Expression sequence(boolean group) {
    List<Expression> parts = new ArrayList<>();
    while (!in.atEnd() && !in.atLineEnd() && !in.at('|') && !in.at(')')) {
      parts.add(repeated(symbol()));
      in.space(group);
    }
    return parts.size() == 1 ? parts.getFirst() : new Expression.Sequence(parts);
  }

  private Expression symbol() {
    count(1);
    if (in.at('"')) {
      return literal();
    }
    if (in.at('[')) {
      return new Expression.Chars(characterClass());
    }
    if (in.skip(".")) {
      return new Expression.Chars(CodePoints.ALL);
    }
    if (in.at('(')) {
      return group();
    }
    if (in.at('<') || in.at('!')) {
      throw in.error(
          (in.at('!') ? "a negated token (!)" : "a token (<...>)")
              + " is not supported: a grammar describes the text and not its tokens; write the text"
              + " in quotes");
    }
    int start = in.position();
    String name = in.name();
    if (name.isEmpty()) {
      throw in.error(
          "a literal in quotes, a [class], a . , a (group) or the name of a rule must stand here");
    }
    references.putIfAbsent(name, start);
    return new Expression.Reference(name);
  }

  private Expression group() {
    int start = in.position();
    in.skip("(");
    if (++depth > MAX_DEPTH) {
      throw in.error("groups are nested deeper than " + MAX_DEPTH + "; name some as rules");
    }
    in.space(true);
    Expression inner = choice(true);
    if (!in.skip(")")) {
      in.moveTo(start);
      throw in.error("unmatched '('");
    }
    depth--;
    return inner;
  }

  private Expression literal() {
    int start = in.position();
    in.skip("\"");
    List<Expression> characters = new ArrayList<>();
    while (!in.skip("\"")) {
      if (in.atEnd() || in.atLineEnd()) {
        in.moveTo(start);
        throw in.error("a literal must end with \" on the same line; write a line's end as \\n");
      }
      count(1);
      characters.add(new Expression.Chars(CodePoints.of(scalar())));
    }
    return characters.size() == 1 ? characters.getFirst() : new Expression.Sequence(characters);
  }

  private CodePoints characterClass() {
    int start = in.position();
    in.skip("[");
    boolean negated = in.skip("^");
    List<Integer> ranges = new ArrayList<>();
    while (!in.skip("]")) {
      if (in.atEnd() || in.atLineEnd()) {
        in.moveTo(start);
        throw in.error("a class must end with ] on the same line; write a line's end as \\n");
      }
      count(1);
      int first = scalar();
      int last = first;
      if (in.at('-') && !in.looking("-]")) {
        in.skip("-");
        if (in.atEnd() || in.atLineEnd()) {
          in.moveTo(start);
          throw in.error("a class must end with ] on the same line; write a line's end as \\n");
        }
        last = scalar();
        if (first > last) {
          throw in.error("the range of a class is reversed");
        }
      }
      ranges.add(first);
      ranges.add(last);
    }
    CodePoints set = CodePoints.ranges(ranges.stream().mapToInt(Integer::intValue).toArray());
    return negated ? set.complement() : set;
  }

  /** A code point of a literal or class, escapes read. */
  private int scalar() {
    int c = in.character();
    if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
      throw in.error("a surrogate is no character; write the code point as \\U and 8 digits");
    }
    return c;
  }

  private Expression repeated(Expression part) {
    Expression all = part;
    while (true) {
      in.space(false);
      if (in.skip("*")) {
        all = new Expression.Repeat(all, 0, Expression.Repeat.UNBOUNDED);
      } else if (in.skip("+")) {
        all = new Expression.Repeat(all, 1, Expression.Repeat.UNBOUNDED);
      } else if (in.skip("?")) {
        all = new Expression.Repeat(all, 0, 1);
      } else if (in.at('{')) {
        all = bounded(all);
      } else {
        return all;
      }
      count(1);
    }
  }

  private Expression bounded(Expression part) {
    in.skip("{");
    in.space(false);
    int min = in.at(',') ? 0 : times();
    int max = min;
    in.space(false);
    if (in.skip(",")) {
      in.space(false);
      max = in.at('}') ? Expression.Repeat.UNBOUNDED : times();
      in.space(false);
    }
    if (!in.skip("}")) {
      throw in.error("a repetition must be {m}, {m,}, {m,n} or {,n}");
    }
    if (max != Expression.Repeat.UNBOUNDED && max < min) {
      throw in.error("the bounds of a repetition are reversed");
    }
    return new Expression.Repeat(part, min, max);
  }

  private int times() {
    int times = in.number(MAX_REPEAT);
    if (times < 0) {
      throw in.error(
          "a repetition must be {m}, {m,}, {m,n} or {,n} with numbers up to %,d"
              .formatted(MAX_REPEAT));
    }
    return times;
  }

  private void count(int more) {
    symbols += more;
    if (symbols > MAX_SYMBOLS) {
      throw in.error("there are more than %,d symbols".formatted(MAX_SYMBOLS));
    }
  }
}
