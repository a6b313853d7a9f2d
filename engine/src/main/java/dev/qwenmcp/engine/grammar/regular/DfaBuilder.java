package dev.qwenmcp.engine.grammar.regular;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects states and edges; the first state made is the start. Not for several threads. */
public final class DfaBuilder {
  private final List<int[]> edges = new ArrayList<>(); // by state: (first, last, target)*
  private int[] edgeCounts = new int[16];
  private boolean[] accepting = new boolean[16];
  private int states;

  /** A new state. */
  public int state(boolean accepts) {
    if (states == accepting.length) {
      accepting = Arrays.copyOf(accepting, 2 * states);
      edgeCounts = Arrays.copyOf(edgeCounts, 2 * states);
    }
    accepting[states] = accepts;
    edges.add(new int[6]);
    return states++;
  }

  /** Makes a state accepting. */
  public void accept(int state) {
    accepting[state] = true;
  }

  /** Leads from {@code first} to {@code last}; a state's edges must not overlap. */
  public void edge(int from, int first, int last, int to) {
    int n = edgeCounts[from];
    int[] list = edges.get(from);
    if (3 * n == list.length) {
      list = Arrays.copyOf(list, 2 * list.length);
      edges.set(from, list);
    }
    list[3 * n] = first;
    list[3 * n + 1] = last;
    list[3 * n + 2] = to;
    edgeCounts[from]++;
  }

  /** Leads on with all of a set. */
  public void edge(int from, CodePoints set, int to) {
    for (int i = 0; i < set.count(); i++) {
      edge(from, set.first(i), set.last(i), to);
    }
  }

  /** The automaton without states that are not reached or lead nowhere. */
  public Dfa build() {
    int[] number = numbersOfUsefulStates();
    if (states == 0 || number[0] < 0) {
      return Dfa.NOTHING;
    }
    int n = Arrays.stream(number).max().orElseThrow() + 1;
    int[][] bounds = new int[n][];
    int[][] targets = new int[n][];
    boolean[] accepts = new boolean[n];
    for (int state = 0; state < states; state++) {
      if (number[state] >= 0) {
        accepts[number[state]] = accepting[state];
        pack(state, number, bounds, targets);
      }
    }
    return new Dfa(bounds, targets, accepts);
  }

  /** Sorts the edges of a state, and joins neighbours that lead to the same state. */
  private void pack(int state, int[] number, int[][] bounds, int[][] targets) {
    int[] list = edges.get(state);
    long[] order = new long[edgeCounts[state]]; // first symbol above index
    for (int i = 0; i < order.length; i++) {
      order[i] = (long) list[3 * i] << 32 | i;
    }
    Arrays.sort(order);
    int[] packedBounds = new int[2 * order.length];
    int[] packedTargets = new int[order.length];
    int n = 0;
    for (long entry : order) {
      int i = 3 * (int) entry;
      int target = number[list[i + 2]];
      if (target < 0) {
        continue;
      }
      if (n > 0 && packedTargets[n - 1] == target && packedBounds[2 * n - 1] + 1 == list[i]) {
        packedBounds[2 * n - 1] = list[i + 1];
      } else {
        packedBounds[2 * n] = list[i];
        packedBounds[2 * n + 1] = list[i + 1];
        packedTargets[n++] = target;
      }
    }
    bounds[number[state]] = Arrays.copyOf(packedBounds, 2 * n);
    targets[number[state]] = Arrays.copyOf(packedTargets, n);
  }

  /** By state: its new number, or -1 if it is unreachable or cannot reach acceptance. */
  private int[] numbersOfUsefulStates() {
    int[][] sources = new int[states][]; // reversed edges
    int[] counts = new int[states];
    for (int round = 0; round < 2; round++) {
      for (int state = 0; state < states; state++) {
        for (int i = 0; i < edgeCounts[state]; i++) {
          int target = edges.get(state)[3 * i + 2];
          if (round == 1) {
            sources[target][counts[target]] = state;
          }
          counts[target]++;
        }
      }
      if (round == 0) {
        for (int state = 0; state < states; state++) {
          sources[state] = new int[counts[state]];
        }
        Arrays.fill(counts, 0);
      }
    }
    boolean[] alive = new boolean[states];
    ArrayDeque<Integer> work = new ArrayDeque<>();
    for (int state = 0; state < states; state++) {
      if (accepting[state]) {
        alive[state] = true;
        work.add(state);
      }
    }
    while (!work.isEmpty()) {
      for (int source : sources[work.remove()]) {
        if (!alive[source]) {
          alive[source] = true;
          work.add(source);
        }
      }
    }
    int[] number = new int[states];
    Arrays.fill(number, -1);
    int next = 0;
    if (states > 0 && alive[0]) {
      number[0] = next++;
      work.add(0);
    }
    while (!work.isEmpty()) {
      int state = work.remove();
      for (int i = 0; i < edgeCounts[state]; i++) {
        int target = edges.get(state)[3 * i + 2];
        if (alive[target] && number[target] < 0) {
          number[target] = next++;
          work.add(target);
        }
      }
    }
    return number;
  }
}
