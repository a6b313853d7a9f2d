package dev.qwenmcp.engine.grammar;

import dev.qwenmcp.engine.grammar.regular.Dfa;
import dev.qwenmcp.engine.grammar.regular.Effort;
import java.util.Arrays;
import java.util.BitSet;

/**
 * How many code points a text may have, together with an automaton that it must satisfy: whether a
 * state can still be completed within the bounds.
 */
final class LengthBounds {
  /** Larger bounds: a text of two million characters is beyond any model's context. */
  static final int LIMIT = (1 << 21) - 1;

  private final int min;
  private final int max;
  private final boolean any; // lengths never matter
  private final boolean[] free; // by state: texts of every length from 0 on follow
  private final BitSet[] lengths; // by state: lengths of texts that follow; null where all are free

  /**
   * @param max {@link Integer#MAX_VALUE} for no bound
   */
  LengthBounds(Dfa dfa, int min, int max, Effort effort) {
    this.min = min;
    this.max = Math.min(max, LIMIT);
    any = min == 0 && max > LIMIT;
    free = freeStates(dfa);
    boolean allFree = true;
    for (boolean f : free) {
      allFree &= f;
    }
    // Beyond min + states, lengths repeat: if some longer text follows, so does one up to there.
    lengths = any || allFree ? null : lengths(dfa, Math.min(this.max, min + dfa.states()), effort);
  }

  /** Whether text lengths are of no consequence. */
  boolean any() {
    return any;
  }

  /** Whether all that matters in every state is not to exceed {@link #max}. */
  boolean onlyMax() {
    return lengths == null;
  }

  int min() {
    return min;
  }

  int max() {
    return max;
  }

  /** The count after one more code point, as far as it matters. */
  int next(int count) {
    if (any) {
      return 0;
    }
    return max == LIMIT ? Math.min(count + 1, min) : count + 1;
  }

  /** Whether a text of so many code points may end. */
  boolean mayEnd(int count) {
    return any || count >= min && count <= max;
  }

  /** Whether a text of so many code points can be completed from a state. */
  boolean alive(int state, int count) {
    if (any) {
      return true;
    }
    if (count > max) {
      return false;
    }
    if (lengths == null || free[state]) {
      return true;
    }
    int length = lengths[state].nextSetBit(Math.max(0, min - count));
    return length >= 0 && (max == LIMIT || length <= max - count);
  }

  /** The greatest set of accepting states with an edge that leads back into the set. */
  private static boolean[] freeStates(Dfa dfa) {
    boolean[] free = new boolean[dfa.states()];
    for (int state = 0; state < free.length; state++) {
      free[state] = dfa.accepting(state);
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int state = free.length - 1; state >= 0; state--) {
        boolean goesOn = false;
        for (int edge = 0; edge < dfa.edges(state) && !goesOn; edge++) {
          goesOn = free[dfa.target(state, edge)];
        }
        if (free[state] && !goesOn) {
          free[state] = false;
          changed = true;
        }
      }
    }
    return free;
  }

  private static BitSet[] lengths(Dfa dfa, int limit, Effort effort) {
    BitSet[] lengths = new BitSet[dfa.states()];
    Arrays.setAll(lengths, state -> new BitSet());
    for (int state = 0; state < lengths.length; state++) {
      lengths[state].set(0, dfa.accepting(state));
    }
    for (int length = 1; length <= limit; length++) {
      for (int state = 0; state < lengths.length; state++) {
        effort.spend(1 + dfa.edges(state));
        for (int edge = 0; edge < dfa.edges(state); edge++) {
          if (lengths[dfa.target(state, edge)].get(length - 1)) {
            lengths[state].set(length);
            break;
          }
        }
      }
    }
    return lengths;
  }
}
