package dev.qwenmcp.engine.grammar.regular;

import java.util.List;

/**
 * A regular expression as a tree.
 *
 * <p>What is understood is the part of ECMAScript's syntax that describes regular languages:
 * characters and escapes, {@code . [] [^] \d \D \w \W \s \S \p{..} \P{..}}, groups of all kinds,
 * {@code |}, greedy and lazy quantifiers (the same language), {@code ^} and {@code $} anywhere, and
 * lookahead at the very beginning ({@code ^(?!x)..}). Not understood, and refused by name: other
 * lookaround, back references, word boundaries, flags.
 */
public sealed interface Regex {

  /** One code point of a set. */
  record Chars(CodePoints set) implements Regex {}

  /** All in turn. */
  record Sequence(List<Regex> parts) implements Regex {
    public Sequence {
      parts = List.copyOf(parts);
    }
  }

  /** One of them. */
  record Choice(List<Regex> options) implements Regex {
    public Choice {
      options = List.copyOf(options);
    }
  }

  /**
   * A part repeated.
   *
   * @param max {@link #UNBOUNDED} for no bound
   */
  record Repeat(Regex part, int min, int max) implements Regex {
    public static final int UNBOUNDED = -1;
  }

  /** Nothing, where the text begins. */
  record Begin() implements Regex {}

  /** Nothing, where the text ends. */
  record End() implements Regex {}

  /** Nothing, where the rest of the text begins, or does not begin, with a part. */
  record Lookahead(Regex part, boolean negative) implements Regex {}

  /**
   * Reads an expression.
   *
   * @throws RegularLanguageException if it is malformed or not supported
   */
  static Regex parse(String pattern) {
    return new RegexParser(pattern).parse();
  }

  /** The texts that match as a whole. */
  default Dfa matching(Effort effort) {
    return RegexLanguage.of(this, true, effort);
  }

  /** The texts that hold a match somewhere, as JSON Schema's {@code pattern} asks. */
  default Dfa containing(Effort effort) {
    return RegexLanguage.of(this, false, effort);
  }
}
