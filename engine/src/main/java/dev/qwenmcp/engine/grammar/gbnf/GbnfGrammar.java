package dev.qwenmcp.engine.grammar.gbnf;

import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.GrammarException;
import java.util.Map;

/**
 * The texts of the rule {@code root} of a grammar in a subset of GBNF.
 *
 * <p>Understood: rules, alternatives, groups, literals, character classes, {@code .}, repetitions
 * and comments. Rules may refer to themselves anywhere, at their beginning too, and be ambiguous.
 * Tokens of a vocabulary ({@code <[id]>}, {@code <text>}, {@code !}) are refused: a grammar is
 * about texts, whatever the vocabulary.
 */
public final class GbnfGrammar {
  /** Longer grammars are refused; those in public use have some thousands. */
  static final int MAX_CHARACTERS = 200_000;

  private GbnfGrammar() {}

  /**
   * Compiles a grammar.
   *
   * @throws GrammarException if it is malformed, not supported, too large, or its root has no text
   *     of finite length; {@link GrammarException#where()} is a line and column or a rule
   */
  public static Grammar compile(String source) {
    if (source.length() > MAX_CHARACTERS) {
      throw new GrammarException(
          "grammar",
          "has %,d characters, %,d may be; split it or leave out what is not used"
              .formatted(source.length(), MAX_CHARACTERS));
    }
    Map<String, Expression> rules = new GbnfParser(source).parse();
    return new RuleCompiler(rules).compile(GbnfParser.ROOT);
  }
}
