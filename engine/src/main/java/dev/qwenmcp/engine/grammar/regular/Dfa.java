package dev.qwenmcp.engine.grammar.regular;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A deterministic finite automaton over code points (or bytes, for which it serves as well);
 * immutable.
 *
 * <p>It is trim: every state can be reached from the start and can reach acceptance. So where there
 * is a transition, the text so far can be completed.
 */
public final class Dfa {
  /** What {@link #step} gives where the text cannot go on. */
  public static final int DEAD = -1;

  /** The state of the empty text, in every automaton but {@link #NOTHING}, which has no states. */
  public static final int START = 0;

  /** No text at all. */
  public static final Dfa NOTHING = new Dfa(new int[0][], new int[0][], new boolean[0]);

  /** Every text. */
  public static final Dfa ANYTHING = anything();

  private final int[][] bounds; // by state: first, last, first, last, …, ascending
  private final int[][] targets; // by state: a target a range
  private final boolean[] accepting;
  private final boolean[] universal;
  private final boolean[] total;

  Dfa(int[][] bounds, int[][] targets, boolean[] accepting) {
    this.bounds = bounds;
    this.targets = targets;
    this.accepting = accepting;
    this.universal = closed(true);
    this.total = closed(false);
  }

  private static Dfa anything() {
    DfaBuilder builder = new DfaBuilder();
    int state = builder.state(true);
    builder.edge(state, CodePoints.ALL, state);
    return builder.build();
  }

  /** Exactly these texts, by their UTF-16 code points. */
  public static Dfa literals(Collection<String> texts) {
    DfaBuilder builder = new DfaBuilder();
    builder.state(false);
    // By state: its children; TreeMap so that edges come out ascending.
    List<Map<Integer, Integer>> children = new ArrayList<>();
    children.add(new TreeMap<>());
    for (String text : texts) {
      int state = START;
      for (int c : text.codePoints().toArray()) {
        Integer next = children.get(state).get(c);
        if (next == null) {
          next = builder.state(false);
          children.add(new TreeMap<>());
          children.get(state).put(c, next);
          builder.edge(state, c, c, next);
        }
        state = next;
      }
      builder.accept(state);
    }
    return builder.build();
  }

  /** Number of states. */
  public int states() {
    return accepting.length;
  }

  /** Whether no text is accepted. */
  public boolean isEmpty() {
    return accepting.length == 0;
  }

  /** The state after {@code symbol}, or {@link #DEAD}. */
  public int step(int state, int symbol) {
    int[] ranges = bounds[state];
    int low = 0;
    int high = ranges.length / 2 - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (symbol < ranges[2 * middle]) {
        high = middle - 1;
      } else if (symbol > ranges[2 * middle + 1]) {
        low = middle + 1;
      } else {
        return targets[state][middle];
      }
    }
    return DEAD;
  }

  /** Whether the text of this state is in the language. */
  public boolean accepting(int state) {
    return accepting[state];
  }

  /** Whether every continuation of this state is in the language. */
  public boolean universal(int state) {
    return universal[state];
  }

  /** Whether every text can follow this state, if only as the beginning of one in the language. */
  public boolean total(int state) {
    return total[state];
  }

  /** Number of ranges of symbols that lead on from a state. */
  public int edges(int state) {
    return targets[state].length;
  }

  /** First symbol of an edge. */
  public int first(int state, int edge) {
    return bounds[state][2 * edge];
  }

  /** Last symbol of an edge, included. */
  public int last(int state, int edge) {
    return bounds[state][2 * edge + 1];
  }

  /** Target of an edge. */
  public int target(int state, int edge) {
    return targets[state][edge];
  }

  /** Whether a text is in the language. */
  public boolean accepts(String text) {
    if (isEmpty()) {
      return false;
    }
    int state = START;
    for (int c : text.codePoints().toArray()) {
      state = step(state, c);
      if (state == DEAD) {
        return false;
      }
    }
    return accepting[state];
  }

  /** More texts than are counted. */
  private static final long MANY = 1L << 40;

  /**
   * By state, how many texts lead from there to acceptance: {@link Long#MAX_VALUE} where they have
   * no end, and no more than 2^40 else.
   */
  public long[] sizes() {
    int n = states();
    int[] open = new int[n]; // edges to states that are not counted yet
    List<List<Integer>> sources = new ArrayList<>();
    for (int state = 0; state < n; state++) {
      sources.add(new ArrayList<>(2));
    }
    ArrayDeque<Integer> ready = new ArrayDeque<>();
    for (int state = 0; state < n; state++) {
      open[state] = edges(state);
      for (int target : targets[state]) {
        sources.get(target).add(state);
      }
      if (open[state] == 0) {
        ready.add(state);
      }
    }
    long[] sizes = new long[n];
    Arrays.fill(sizes, Long.MAX_VALUE); // what leads to a loop is never ready
    while (!ready.isEmpty()) {
      int state = ready.remove();
      long size = accepting[state] ? 1 : 0;
      for (int edge = 0; edge < edges(state); edge++) {
        long width = last(state, edge) - first(state, edge) + 1;
        size = Math.min(MANY, size + width * sizes[target(state, edge)]); // < 2^62
      }
      sizes[state] = size;
      for (int source : sources.get(state)) {
        if (--open[source] == 0) {
          ready.add(source);
        }
      }
    }
    return sizes;
  }

  /** The greatest set of states (accepting ones) that every code point leads back into. */
  private boolean[] closed(boolean onlyAccepting) {
    boolean[] in = new boolean[accepting.length];
    for (int state = 0; state < in.length; state++) {
      in[state] = (accepting[state] || !onlyAccepting) && coversAllCodePoints(bounds[state]);
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      // Targets mostly have higher numbers, so downwards few rounds are needed.
      for (int state = in.length - 1; state >= 0; state--) {
        if (in[state] && leaves(targets[state], in)) {
          in[state] = false;
          changed = true;
        }
      }
    }
    return in;
  }

  private static boolean leaves(int[] targets, boolean[] in) {
    for (int target : targets) {
      if (!in[target]) {
        return true;
      }
    }
    return false;
  }

  private static boolean coversAllCodePoints(int[] ranges) {
    int next = 0;
    for (int i = 0; i < ranges.length; i += 2) {
      if (ranges[i] > next) {
        return false;
      }
      next = ranges[i + 1] + 1;
      if (next == Character.MIN_SURROGATE) {
        next = Character.MAX_SURROGATE + 1;
      }
    }
    return next > Character.MAX_CODE_POINT;
  }
}
