package dev.qwenmcp.engine.grammar;

import java.util.Arrays;
import java.util.Objects;

/**
 * All ways of having read the text so far: states of terminals, each with the stack that follows
 * it. The states of a deterministic automaton that is found as it is walked.
 */
final class Configuration {
  final int[] numbers; // of the terminals; ascending by (number, state), without repetition
  final Terminal[] terminals;
  final long[] states;
  final Stack[] stacks;

  /** Whether the text so far is complete. */
  final boolean complete;

  /** What has been read of the name of an undeclared member; null where none is begun. */
  final Spelling name;

  /** By byte: what follows, {@link #NOWHERE} where nothing does, null where not yet known. */
  Configuration[] next;

  /** The tokens that may follow, a bit an id; null where not yet known. */
  long[] mask;

  static final Configuration NOWHERE =
      new Configuration(new int[0], new Terminal[0], new long[0], new Stack[0], false, null);

  Configuration(
      int[] numbers,
      Terminal[] terminals,
      long[] states,
      Stack[] stacks,
      boolean complete,
      Spelling name) {
    this.numbers = numbers;
    this.terminals = terminals;
    this.states = states;
    this.stacks = stacks;
    this.complete = complete;
    this.name = name;
  }

  int size() {
    return numbers.length;
  }

  /** Interned stacks make their identity enough. */
  record Key(Configuration of) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && of.complete == key.of.complete
          && Arrays.equals(of.numbers, key.of.numbers)
          && Arrays.equals(of.states, key.of.states)
          && Arrays.equals(of.stacks, key.of.stacks)
          && Objects.equals(of.name, key.of.name);
    }

    @Override
    public int hashCode() {
      int hash = 31 * Boolean.hashCode(of.complete) + Objects.hashCode(of.name);
      hash = 31 * hash + Arrays.hashCode(of.numbers);
      hash = 31 * hash + Arrays.hashCode(of.states);
      for (Stack stack : of.stacks) {
        hash = 31 * hash + stack.id;
      }
      return hash;
    }
  }
}
