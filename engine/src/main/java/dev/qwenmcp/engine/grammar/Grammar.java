package dev.qwenmcp.engine.grammar;

import dev.qwenmcp.engine.grammar.regular.Dfa;
import dev.qwenmcp.engine.grammar.regular.Effort;
import dev.qwenmcp.engine.grammar.regular.Regex;
import dev.qwenmcp.engine.grammar.regular.RegularLanguageException;
import java.util.Collection;
import java.util.List;

/**
 * A context-free language of texts in UTF-8, compiled; immutable, safe for many threads, and
 * independent of a vocabulary.
 */
public final class Grammar {
  private final Rule start;
  private final Terminal[] terminals;

  Grammar(Rule start, List<Terminal> terminals) {
    this.start = start;
    this.terminals = terminals.toArray(Terminal[]::new);
  }

  /**
   * One of these texts.
   *
   * @throws GrammarException if there are none
   */
  public static Grammar choice(Collection<String> texts) {
    return of("choice", ByteTerminal.literals(texts));
  }

  /**
   * A text that an expression matches as a whole; {@link Regex} says what is understood.
   *
   * @throws GrammarException if the expression is malformed, not supported, too large, or matches
   *     nothing
   */
  public static Grammar regex(String expression) {
    Effort effort = new Effort();
    try {
      Dfa language = Regex.parse(expression).matching(effort);
      return of(
          "expression",
          new TextTerminal(language, 0, Integer.MAX_VALUE, TextTerminal.Encoding.RAW, effort));
    } catch (RegularLanguageException e) {
      throw new GrammarException("expression", e.getMessage());
    }
  }

  private static Grammar of(String name, Terminal terminal) {
    GrammarBuilder builder = new GrammarBuilder();
    RuleDraft rule = builder.rule(name);
    int end = rule.state();
    rule.read(rule.start(), terminal, end);
    rule.end(end);
    return builder.build(rule);
  }

  /** This grammar over a vocabulary. */
  public TokenGrammar over(TokenTrie vocabulary) {
    return new TokenGrammar(this, vocabulary);
  }

  Rule start() {
    return start;
  }

  /** Number of terminals. */
  int terminals() {
    return terminals.length;
  }

  Terminal terminal(int number) {
    return terminals[number];
  }
}
