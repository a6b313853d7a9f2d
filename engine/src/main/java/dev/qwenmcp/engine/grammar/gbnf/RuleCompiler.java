package dev.qwenmcp.engine.grammar.gbnf;

import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.GrammarBuilder;
import dev.qwenmcp.engine.grammar.GrammarException;
import dev.qwenmcp.engine.grammar.RuleDraft;
import dev.qwenmcp.engine.grammar.Terminal;
import dev.qwenmcp.engine.grammar.regular.RegularLanguageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns expressions into rules over terminals. */
final class RuleCompiler {
  /** States of all rules: repetitions of what is not regular are written out. */
  private static final int MAX_STATES = 200_000;

  private final Map<String, Expression> rules;
  private final RegularParts regularParts;
  private final GrammarBuilder builder = new GrammarBuilder();
  private final Map<String, RuleDraft> drafts = new HashMap<>();
  private final ArrayDeque<String> work = new ArrayDeque<>();
  private int states;

  RuleCompiler(Map<String, Expression> rules) {
    this.rules = rules;
    this.regularParts = new RegularParts(rules);
  }

  /**
   * The texts of a rule.
   *
   * @throws GrammarException if there are none or the grammar is too large
   */
  Grammar compile(String root) {
    RuleDraft first = draft(root);
    try {
      while (!work.isEmpty()) {
        String name = work.remove();
        fill(drafts.get(name), rules.get(name));
      }
      return builder.build(first);
    } catch (RegularLanguageException e) {
      throw new GrammarException("grammar", e.getMessage());
    }
  }

  private RuleDraft draft(String name) {
    RuleDraft known = drafts.get(name);
    if (known == null) {
      known = builder.rule("rule " + name);
      drafts.put(name, known);
      work.add(name);
    }
    return known;
  }

  private void fill(RuleDraft rule, Expression expression) {
    int end = state(rule);
    rule.end(end);
    add(rule, expression, rule.start(), end);
  }

  private int state(RuleDraft rule) {
    if (++states > MAX_STATES) {
      throw new GrammarException(
          "grammar",
          "is too large: more than %,d states when repetitions are written out; use smaller bounds"
              .formatted(MAX_STATES));
    }
    return rule.state();
  }

  private void add(RuleDraft rule, Expression expression, int from, int to) {
    if (regularParts.regular(expression)) {
      Optional<Terminal> terminal = regularParts.terminal(expression);
      if (terminal.isPresent()) {
        rule.read(from, terminal.get(), to);
        return;
      }
    }
    switch (expression) {
      case Expression.Chars _ -> throw new AssertionError("one character is regular and small");
      case Expression.Reference(var name) -> rule.call(from, draft(name), to);
      case Expression.Sequence(var parts) -> sequence(rule, joined(parts, true), from, to);
      case Expression.Choice(var options) ->
          joined(options, false).forEach(option -> add(rule, option, from, to));
      case Expression.Repeat repeat -> repeat(rule, repeat, from, to);
    }
  }

  private void sequence(RuleDraft rule, List<Expression> parts, int from, int to) {
    int at = from;
    for (Expression part : parts) {
      int next = state(rule);
      add(rule, part, at, next);
      at = next;
    }
    rule.skip(at, to);
  }

  /**
   * Joins regular parts that stand together, as long as they are small enough; options stand
   * together wherever they are.
   */
  private List<Expression> joined(List<Expression> parts, boolean inTurn) {
    List<Expression> joined = new ArrayList<>();
    List<Expression> run = new ArrayList<>();
    int size = 1;
    for (Expression part : parts) {
      boolean regular = regularParts.regular(part);
      int more = regular ? regularParts.size(part) : 0;
      if (!run.isEmpty() && (!regular && inTurn || !RegularParts.fits(size + more))) {
        flush(run, inTurn, parts.size(), joined);
        size = 1;
      }
      if (regular) {
        run.add(part);
        size += more;
      } else {
        joined.add(part);
      }
    }
    flush(run, inTurn, parts.size(), joined);
    return joined;
  }

  private void flush(List<Expression> run, boolean inTurn, int all, List<Expression> joined) {
    Expression whole = inTurn ? new Expression.Sequence(run) : new Expression.Choice(run);
    // Where all together are too large an automaton, they are taken one by one.
    if (run.size() > 1 && run.size() < all && regularParts.terminal(whole).isPresent()) {
      joined.add(whole);
    } else {
      joined.addAll(run);
    }
    run.clear();
  }

  private void repeat(RuleDraft rule, Expression.Repeat repeat, int from, int to) {
    RuleDraft body = body(repeat.part());
    int at = from;
    for (int i = 0; i < repeat.min(); i++) {
      at = called(rule, body, at);
    }
    if (repeat.max() == Expression.Repeat.UNBOUNDED) {
      int loop = state(rule);
      rule.skip(at, loop);
      rule.call(loop, body, loop);
      rule.skip(loop, to);
      return;
    }
    for (int i = repeat.min(); i < repeat.max(); i++) {
      rule.skip(at, to);
      at = called(rule, body, at);
    }
    rule.skip(at, to);
  }

  private int called(RuleDraft rule, RuleDraft body, int from) {
    int next = state(rule);
    rule.call(from, body, next);
    return next;
  }

  /** What is repeated as a rule of its own, so that it is written out only once. */
  private RuleDraft body(Expression part) {
    if (part instanceof Expression.Reference(var name)) {
      return draft(name);
    }
    RuleDraft body = builder.rule("a repetition");
    fill(body, part);
    return body;
  }
}
