package dev.qwenmcp.engine.grammar;

/**
 * A state of a {@link TextTerminal}, packed into one number:
 *
 * <pre>
 *   phase (5 bits) | half-written code point (22) | state of the automaton (16) | count (21)
 * </pre>
 */
final class TextState {
  static final int COUNT_BITS = 21;
  static final int DFA_BITS = 16;
  private static final int PART_BITS = 22;
  private static final int DFA_SHIFT = COUNT_BITS;
  private static final int PART_SHIFT = DFA_SHIFT + DFA_BITS;
  private static final int PHASE_SHIFT = PART_SHIFT + PART_BITS;

  // Phases, by what comes next; CodePointBytes has those that follow.
  static final int OPEN_QUOTE = 0;
  static final int BODY = 1;
  static final int CLOSED = 2;

  private TextState() {}

  static long pack(int phase, int part, int dfa, int count) {
    return (long) phase << PHASE_SHIFT
        | (long) part << PART_SHIFT
        | (long) dfa << DFA_SHIFT
        | count;
  }

  static long with(long state, int phase, int part) {
    return pack(phase, part, dfa(state), count(state));
  }

  static int phase(long state) {
    return (int) (state >> PHASE_SHIFT);
  }

  static int part(long state) {
    return (int) (state >> PART_SHIFT) & (1 << PART_BITS) - 1;
  }

  static int dfa(long state) {
    return (int) (state >> DFA_SHIFT) & (1 << DFA_BITS) - 1;
  }

  static int count(long state) {
    return (int) state & (1 << COUNT_BITS) - 1;
  }
}
