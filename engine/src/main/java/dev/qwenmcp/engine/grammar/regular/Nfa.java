package dev.qwenmcp.engine.grammar.regular;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A nondeterministic automaton (Thompson's construction) and its subset construction.
 *
 * <p>Anchors are empty edges that may be taken only before the first symbol or only after the last.
 */
final class Nfa {
  /** When an empty edge may be taken. */
  enum When {
    ALWAYS,
    AT_BEGIN,
    AT_END
  }

  /** A state takes some 200 bytes and as many nanoseconds. */
  private static final int STATE_COST = 100;

  /** Hashing and keeping a subset. */
  private static final int SUBSET_COST = 100;

  private record Empty(int to, When when) {}

  private record Step(CodePoints set, int to) {}

  private final List<List<Empty>> empties = new ArrayList<>();
  private final List<List<Step>> steps = new ArrayList<>();
  private final Effort effort;

  Nfa(Effort effort) {
    this.effort = effort;
  }

  int state() {
    effort.spend(STATE_COST);
    empties.add(new ArrayList<>(2));
    steps.add(new ArrayList<>(1));
    return steps.size() - 1;
  }

  void empty(int from, int to, When when) {
    empties.get(from).add(new Empty(to, when));
  }

  void step(int from, CodePoints set, int to) {
    steps.get(from).add(new Step(set, to));
  }

  /**
   * The deterministic automaton of the texts that lead from {@code start} to {@code end}.
   *
   * @param everything a state from which every text is accepted, or -1: a subset that holds it
   *     needs no other states
   */
  Dfa determinise(int start, int end, int everything) {
    DfaBuilder builder = new DfaBuilder();
    Map<Subset, Integer> numbers = new HashMap<>();
    List<Subset> subsets = new ArrayList<>();
    // The first subset is kept apart: only there may AT_BEGIN edges be taken.
    int[] first = closure(new int[] {start}, true, false, everything);
    subsets.add(new Subset(first));
    builder.state(contains(closure(first, true, true, -1), end));
    for (int number = 0; number < subsets.size(); number++) {
      int[] from = subsets.get(number).states;
      List<Step> leaving = new ArrayList<>();
      for (int state : from) {
        leaving.addAll(steps.get(state));
      }
      Segments segments = new Segments(leaving);
      for (int i = 0; i < segments.count(); i++) {
        int[] targets = segments.targets(i);
        if (targets.length == 0) {
          continue;
        }
        Subset subset = new Subset(closure(targets, false, false, everything));
        Integer to = numbers.get(subset);
        if (to == null) {
          to = builder.state(contains(closure(subset.states, false, true, -1), end));
          numbers.put(subset, to);
          subsets.add(subset);
        }
        builder.edge(number, segments.first(i), segments.last(i), to);
      }
    }
    return builder.build();
  }

  /** All states that empty edges lead to, ascending. */
  private int[] closure(int[] states, boolean atBegin, boolean atEnd, int everything) {
    int[] found = Arrays.copyOf(states, Math.max(8, states.length));
    int n = states.length;
    BitSet seen = new BitSet();
    for (int state : states) {
      seen.set(state);
    }
    for (int i = 0; i < n; i++) {
      for (Empty edge : empties.get(found[i])) {
        boolean open =
            switch (edge.when) {
              case ALWAYS -> true;
              case AT_BEGIN -> atBegin;
              case AT_END -> atEnd;
            };
        if (open && !seen.get(edge.to)) {
          seen.set(edge.to);
          if (n == found.length) {
            found = Arrays.copyOf(found, 2 * n);
          }
          found[n++] = edge.to;
        }
      }
    }
    effort.spend(SUBSET_COST + 8L * n);
    if (everything >= 0 && seen.get(everything)) {
      return new int[] {everything};
    }
    int[] sorted = Arrays.copyOf(found, n);
    Arrays.sort(sorted);
    return sorted;
  }

  private static boolean contains(int[] sorted, int state) {
    return Arrays.binarySearch(sorted, state) >= 0;
  }

  private record Subset(int[] states) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Subset subset && Arrays.equals(states, subset.states);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(states);
    }
  }

  /**
   * The steps of a subset cut into segments of symbols within which all lead to the same states.
   */
  private final class Segments {
    private final int[] starts; // starts[i] .. starts[i + 1] - 1 is segment i
    private final int[][] targets; // ascending
    private final int[] counts;

    Segments(List<Step> leaving) {
      int edges = 0;
      for (Step step : leaving) {
        edges += step.set.count();
      }
      int[] cuts = new int[2 * edges];
      int n = 0;
      for (Step step : leaving) {
        for (int i = 0; i < step.set.count(); i++) {
          cuts[n++] = step.set.first(i);
          cuts[n++] = step.set.last(i) + 1;
        }
      }
      starts = Arrays.stream(cuts).sorted().distinct().toArray();
      effort.spend(2L * edges);
      int count = Math.max(0, starts.length - 1);
      targets = new int[count][2];
      counts = new int[count];
      for (Step step : leaving) {
        for (int i = 0; i < step.set.count(); i++) {
          int segment = Arrays.binarySearch(starts, step.set.first(i));
          for (; segment < count && starts[segment] <= step.set.last(i); segment++) {
            add(segment, step.to);
          }
        }
      }
    }

    private void add(int segment, int target) {
      effort.spend(1);
      if (counts[segment] == targets[segment].length) {
        targets[segment] = Arrays.copyOf(targets[segment], 2 * counts[segment]);
      }
      targets[segment][counts[segment]++] = target;
    }

    int count() {
      return counts.length;
    }

    int first(int i) {
      return starts[i];
    }

    int last(int i) {
      return starts[i + 1] - 1;
    }

    int[] targets(int i) {
      return Arrays.stream(targets[i], 0, counts[i]).sorted().distinct().toArray();
    }
  }
}
