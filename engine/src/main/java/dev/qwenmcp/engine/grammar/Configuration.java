package dev.qwenmcp.engine.grammar;

import java.util.Arrays;

/**
 * All ways of having read the text so far: states of terminals, each with the stack that follows
 * it. The states of a deterministic automaton that is found as it is walked.
 */
final class Configuration {
  final int[] terminals; // ascending by (terminal, state), without repetition
  final long[] states;
  final Stack[] stacks;

  /** Whether the text so far is complete. */
  final boolean complete;

  /** By byte: what follows, {@link #NOWHERE} where nothing does, null where not yet known. */
  Configuration[] next;

  /** The tokens that may follow, a bit an id; null where not yet known. */
  long[] mask;

  static final Configuration NOWHERE =
      new Configuration(new int[0], new long[0], new Stack[0], false);

  Configuration(int[] terminals, long[] states, Stack[] stacks, boolean complete) {
    this.terminals = terminals;
    this.states = states;
    this.stacks = stacks;
    this.complete = complete;
  }

  int size() {
    return terminals.length;
  }

  /** Interned stacks make their identity enough. */
  record Key(Configuration of) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && of.complete == key.of.complete
          && Arrays.equals(of.terminals, key.of.terminals)
          && Arrays.equals(of.states, key.of.states)
          && Arrays.equals(of.stacks, key.of.stacks);
    }

    @Override
    public int hashCode() {
      int hash = Boolean.hashCode(of.complete);
      hash = 31 * hash + Arrays.hashCode(of.terminals);
      hash = 31 * hash + Arrays.hashCode(of.states);
      for (Stack stack : of.stacks) {
        hash = 31 * hash + stack.id;
      }
      return hash;
    }
  }
}
