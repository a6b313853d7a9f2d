package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.grammar.TokenGrammar;
import dev.qwenmcp.engine.grammar.TokenTrie;
import java.nio.charset.StandardCharsets;

/** Says of whole texts whether a grammar has them, byte by byte. */
final class Acceptor {
  private static final TokenTrie BYTES = new TokenTrie(256, b -> new byte[] {(byte) b});

  private final TokenGrammar grammar;

  Acceptor(Grammar grammar) {
    this.grammar = grammar.over(BYTES);
  }

  static Acceptor of(String schema) {
    return new Acceptor(JsonSchemaGrammar.compile(schema));
  }

  boolean accepts(String text) {
    TokenConstraint constraint = grammar.constraint();
    return follows(constraint, text) && constraint.complete();
  }

  /** Whether a text of the grammar begins so. */
  boolean begins(String text) {
    return follows(grammar.constraint(), text);
  }

  /** What must come after the beginning of a text. */
  String forcedAfter(String text) {
    TokenConstraint constraint = grammar.constraint();
    if (!follows(constraint, text)) {
      throw new IllegalArgumentException("no text begins with " + text);
    }
    return constraint.forcedText().text();
  }

  /** What is likely to come after the beginning of a text. */
  String expectedAfter(String text) {
    TokenConstraint constraint = grammar.constraint();
    if (!follows(constraint, text)) {
      throw new IllegalArgumentException("no text begins with " + text);
    }
    return constraint.expected();
  }

  private static boolean follows(TokenConstraint constraint, String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      try {
        constraint.accept(b & 0xFF);
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
    return true;
  }
}
