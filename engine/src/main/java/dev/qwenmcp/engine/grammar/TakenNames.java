package dev.qwenmcp.engine.grammar;

import dev.qwenmcp.engine.grammar.regular.Dfa;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Names of a language that may not come again, as a prefix tree that is walked beside the
 * language's automaton. Immutable.
 */
final class TakenNames {
  /** The place of a text that no taken name begins with. */
  static final int ELSEWHERE = 0;

  /** The place of the empty text. */
  static final int ROOT = 1;

  private final Dfa chars;
  private final long[] sizes;
  private final List<TreeMap<Integer, Integer>> children = new ArrayList<>(); // by place
  private int[] below = new int[16]; // by place: taken names that begin so
  private boolean[] taken = new boolean[16];

  /**
   * @param sizes by state of the automaton, how many texts follow
   * @param names all of the language
   */
  TakenNames(Dfa chars, long[] sizes, List<String> names) {
    this.chars = chars;
    this.sizes = sizes;
    place();
    int root = place();
    for (String name : names) {
      int place = root;
      below[place]++;
      for (int c : name.codePoints().toArray()) {
        Integer next = children.get(place).get(c);
        if (next == null) {
          next = place();
          children.get(place).put(c, next);
        }
        place = next;
        below[place]++;
      }
      taken[place] = true;
    }
  }

  private int place() {
    if (children.size() == below.length) {
      below = Arrays.copyOf(below, 2 * below.length);
      taken = Arrays.copyOf(taken, 2 * taken.length);
    }
    children.add(new TreeMap<>());
    return children.size() - 1;
  }

  /** Number of places. */
  int places() {
    return children.size();
  }

  /** The place after one more code point. */
  int next(int place, int codePoint) {
    return children.get(place).getOrDefault(codePoint, ELSEWHERE);
  }

  /** Whether the text of a place is no taken name. */
  boolean mayEnd(int place) {
    return !taken[place];
  }

  /** Whether a text that is not taken goes on from a state and place. */
  boolean alive(int state, int place) {
    return sizes[state] > below[place];
  }

  /** Whether such a text goes on with a code point of a range. */
  boolean some(int state, int place, int first, int last) {
    long free =
        -children.get(place).subMap(first, last + 1).values().stream()
            .mapToLong(child -> below[child])
            .sum();
    for (int edge = 0; edge < chars.edges(state) && free <= 0; edge++) {
      int from = Math.max(first, chars.first(state, edge));
      int to = Math.min(last, chars.last(state, edge));
      if (from <= to) {
        long each = sizes[chars.target(state, edge)];
        free = each == MemberLimits.ENDLESS ? 1 : free + each * (to - from + 1);
      }
    }
    return free > 0;
  }
}
