package dev.qwenmcp.engine.grammar.schema;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Subschemas that hold, or do not hold, of the same value: what a property or item must satisfy
 * once all schemas that speak of it are taken together. Immutable, with equality by content.
 */
final class Conjunction {
  /** No condition. */
  static final Conjunction ALWAYS = new Conjunction(new int[0], false);

  /** What nothing satisfies. */
  static final Conjunction NEVER = new Conjunction(new int[0], true);

  private final int[] terms; // ascending; 2 * index of a node, plus 1 where it must not hold
  private final boolean never;

  private Conjunction(int[] terms, boolean never) {
    this.terms = terms;
    this.never = never;
  }

  static Conjunction of(SchemaNode node) {
    return new Conjunction(new int[] {2 * node.index()}, false);
  }

  /** One condition for each subschema: that it does not hold, or does where it must not. */
  List<Conjunction> opposites() {
    return Arrays.stream(terms)
        .mapToObj(term -> new Conjunction(new int[] {term ^ 1}, false))
        .toList();
  }

  Conjunction and(Conjunction other) {
    if (never || other.never) {
      return NEVER;
    }
    int[] all =
        IntStream.concat(Arrays.stream(terms), Arrays.stream(other.terms))
            .sorted()
            .distinct()
            .toArray();
    for (int i = 1; i < all.length; i++) {
      if (all[i - 1] == (all[i] ^ 1)) {
        return NEVER; // a subschema and its opposite
      }
    }
    return new Conjunction(all, false);
  }

  boolean isNever() {
    return never;
  }

  boolean isAlways() {
    return !never && terms.length == 0;
  }

  /** Number of subschemas. */
  int size() {
    return terms.length;
  }

  /** Index of a subschema. */
  int node(int i) {
    return terms[i] >> 1;
  }

  /** Whether it must not hold. */
  boolean negated(int i) {
    return (terms[i] & 1) == 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Conjunction conjunction
        && never == conjunction.never
        && Arrays.equals(terms, conjunction.terms);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(terms) + Boolean.hashCode(never);
  }
}
