package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.ByteTerminal;
import dev.qwenmcp.engine.grammar.GrammarBuilder;
import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.grammar.Guard;
import dev.qwenmcp.engine.grammar.RuleDraft;
import dev.qwenmcp.engine.grammar.Terminal;
import dev.qwenmcp.engine.grammar.TextTerminal;
import dev.qwenmcp.engine.grammar.regular.Dfa;
import dev.qwenmcp.engine.grammar.regular.DfaAlgebra;
import dev.qwenmcp.engine.grammar.regular.Effort;
import dev.qwenmcp.engine.json.JsonValue;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Writes a rule for each conjunction that a schema consists of. */
final class RuleWriter {
  private final Satisfiability satisfiability;
  private final SchemaDocument document;
  private final Effort effort;
  private final JsonLayout.Marks marks;
  private final GrammarBuilder builder = new GrammarBuilder();
  private final Map<Conjunction, RuleDraft> rules = new HashMap<>();
  private final Map<Branch, RuleDraft> parts = new HashMap<>();
  private final Map<JsonValue.Obj, RuleDraft> objects = new HashMap<>();
  private final ArrayDeque<Conjunction> unwritten = new ArrayDeque<>();
  private final Map<Branch, Terminal> terminals = new HashMap<>();
  private final Map<String, Terminal> names = new HashMap<>();
  private final ItemRules itemRules;
  private final MemberRules memberRules;

  /**
   * @param effort what may still be spent
   */
  RuleWriter(
      SchemaDocument document,
      Satisfiability satisfiability,
      JsonLayout layout,
      MemberOrder order,
      Effort effort) {
    this.document = document;
    this.satisfiability = satisfiability;
    this.effort = effort;
    this.marks = layout.marks();
    this.itemRules = new ItemRules(this, satisfiability);
    this.memberRules = new MemberRules(this, satisfiability, order, effort);
  }

  /** The grammar's builder with all rules that the conjunction's rule needs. */
  GrammarBuilder builder() {
    return builder;
  }

  JsonLayout.Marks marks() {
    return marks;
  }

  /** Writes the rule of a conjunction and all that it calls. */
  RuleDraft write(Conjunction root) {
    RuleDraft rule = rule(root);
    while (!unwritten.isEmpty()) {
      write(unwritten.peek(), rules.get(unwritten.peek()));
      unwritten.remove();
    }
    return rule;
  }

  /** The rule of a conjunction, which is written later if it is new. */
  RuleDraft rule(Conjunction conjunction) {
    return rules.computeIfAbsent(
        conjunction,
        c -> {
          unwritten.add(c);
          return builder.rule(name(c));
        });
  }

  private String name(Conjunction conjunction) {
    return conjunction.size() == 0 ? "#" : document.node(conjunction.node(0)).pointer();
  }

  private void write(Conjunction conjunction, RuleDraft rule) {
    int end = rule.state();
    rule.end(end);
    Set<String> fixed = new LinkedHashSet<>();
    Dfa numbers = Dfa.NOTHING;
    try {
      for (Branch branch : satisfiability.of(conjunction)) {
        switch (branch) {
          case Branch.Nothing() -> fixed.add("null");
          case Branch.Flag(var value) -> fixed.add(Boolean.toString(value));
          case Branch.Words(var words) ->
              words.forEach(word -> fixed.add(new JsonValue.Text(word).toString()));
          case Branch.Numbers range -> {
            Dfa texts = ((ByteTerminal) terminal(range)).bytes();
            numbers = numbers.isEmpty() ? texts : DfaAlgebra.or(numbers, texts, effort);
          }
          case Branch.Texts texts -> rule.read(rule.start(), terminal(texts), end);
          case Branch.Items items -> rule.call(rule.start(), part(items, name(conjunction)), end);
          case Branch.Members members ->
              rule.call(rule.start(), part(members, name(conjunction)), end);
          case Branch.Value(var value) -> given(rule, rule.start(), value, end);
        }
      }
    } catch (IllegalArgumentException e) {
      throw new GrammarException(name(conjunction), e.getMessage());
    }
    if (!fixed.isEmpty()) {
      rule.read(rule.start(), ByteTerminal.literals(fixed), end);
    }
    if (!numbers.isEmpty()) {
      rule.read(rule.start(), new ByteTerminal(numbers), end);
    }
  }

  /** The terminal of numbers or texts; equal branches share one. */
  private Terminal terminal(Branch branch) {
    Terminal known = terminals.get(branch);
    if (known == null) {
      known =
          switch (branch) {
            case Branch.Numbers numbers -> new ByteTerminal(new NumberLanguage(effort).of(numbers));
            case Branch.Texts texts ->
                new TextTerminal(
                    texts.chars(), texts.min(), texts.max(), TextTerminal.Encoding.JSON, effort);
            default -> throw new AssertionError(branch);
          };
      terminals.put(branch, known);
    }
    return known;
  }

  /** Fixed text; equal ones share a terminal. */
  Terminal literal(String text) {
    return names.computeIfAbsent(text, ByteTerminal::literal);
  }

  private RuleDraft part(Branch branch, String name) {
    RuleDraft known = parts.get(branch);
    if (known == null) {
      known = builder.rule(name);
      parts.put(branch, known);
      switch (branch) {
        case Branch.Items items -> itemRules.write(known, items);
        case Branch.Members members -> memberRules.write(known, members);
        default -> throw new AssertionError(branch);
      }
    }
    return known;
  }

  /** Reads exactly one value, with any white space of the layout. */
  void given(RuleDraft rule, int from, JsonValue value, int to) {
    given(rule, from, value, to, Guard.NONE);
  }

  /** Reads exactly one value if the guard lets it come. */
  void given(RuleDraft rule, int from, JsonValue value, int to, Guard guard) {
    switch (value) {
      case JsonValue.Array(var values) -> {
        int at = rule.state();
        rule.read(from, marks.openArray(), at, guard);
        for (int i = 0; i < values.size(); i++) {
          at = separated(rule, at, i);
          int next = rule.state();
          given(rule, at, values.get(i), next);
          at = next;
        }
        rule.read(at, marks.closeArray(), to);
      }
      case JsonValue.Obj object -> rule.call(from, object(object), to, guard);
      default -> rule.read(from, literal(value.toString()), to, guard);
    }
  }

  private RuleDraft object(JsonValue.Obj object) {
    RuleDraft known = objects.get(object);
    if (known == null) {
      known = builder.rule("a given object");
      objects.put(object, known);
      memberRules.write(known, object);
    }
    return known;
  }

  private int separated(RuleDraft rule, int from, int index) {
    if (index == 0) {
      return from;
    }
    int to = rule.state();
    rule.read(from, marks.comma(), to);
    return to;
  }
}
