package dev.qwenmcp.engine.grammar.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The courses that arrays may take whose items are counted: an automaton that reads items. A state
 * is how many items have come and how many of them satisfied each counted condition, as far as that
 * matters.
 *
 * <p>An item that may count and may as well not, because only a least number is asked for, takes
 * both ways: some way counts enough if and only if enough items satisfy the condition. Where there
 * is a most, an item that does not count must not satisfy the condition.
 */
final class ItemCourse {
  /** States that a rule may have: each takes some hundred bytes. */
  private static final int MAX_STATES = 10_000;

  /** Counted conditions of one array: an item takes up to two ways for each. */
  private static final int MAX_COUNTED = 8;

  /**
   * One way to go on.
   *
   * @param item what the next item must satisfy
   * @param to the state after it
   */
  record Way(Conjunction item, int to) {}

  private final Branch.Items items;
  private final Map<List<Integer>, Integer> numbers = new HashMap<>();
  private final List<int[]> states = new ArrayList<>(); // number of items, then of each condition
  private final List<List<Way>> ways = new ArrayList<>();

  /**
   * @throws IllegalArgumentException if there are too many states; the message says so
   */
  ItemCourse(Branch.Items items) {
    this.items = items;
    if (items.counted().size() > MAX_COUNTED) {
      throw new IllegalArgumentException(
          "more than " + MAX_COUNTED + " conditions with contains hold of one array; use fewer");
    }
    number(new int[1 + items.counted().size()]);
    for (int i = 0; i < states.size(); i++) {
      ways.add(ways(states.get(i)));
    }
  }

  /** Number of states; the first is that of the empty array. */
  int states() {
    return states.size();
  }

  /** Whether an array may end in a state. */
  boolean complete(int state) {
    int[] counts = states.get(state);
    boolean enough = counts[0] >= items.min();
    for (int i = 0; i < items.counted().size(); i++) {
      enough &= counts[1 + i] >= items.counted().get(i).min();
    }
    return enough;
  }

  /** The ways from a state. */
  List<Way> ways(int state) {
    return ways.get(state);
  }

  /** The conditions on items that occur. */
  List<Conjunction> conditions() {
    return ways.stream().flatMap(List::stream).map(Way::item).distinct().toList();
  }

  private List<Way> ways(int[] from) {
    if (from[0] == items.max()) {
      return List.of();
    }
    int[] next = from.clone();
    next[0] = items.max() == Branch.NO_MAX ? Math.min(from[0] + 1, least()) : from[0] + 1;
    List<Way> found = new ArrayList<>();
    count(items.item(from[0]), from[0], next, 0, found);
    return found;
  }

  /** Beyond so many items, their number makes no difference unless there is a most. */
  private int least() {
    int least = Math.max(items.min(), items.prefix().size());
    for (Branch.Counted counted : items.counted()) {
      least = Math.max(least, counted.from());
    }
    return least;
  }

  /** Goes on with both possibilities of a counted condition and of those after it. */
  private void count(Conjunction item, int place, int[] counts, int index, List<Way> found) {
    if (item.isNever()) {
      return;
    }
    if (index == items.counted().size()) {
      found.add(new Way(item, number(counts)));
      return;
    }
    Branch.Counted counted = items.counted().get(index);
    int count = counts[1 + index];
    boolean endless = counted.max() == Branch.NO_MAX;
    if (place < counted.from() || endless && count >= counted.min()) {
      count(item, place, counts, index + 1, found);
      return;
    }
    if (count < counted.max()) {
      int[] more = counts.clone();
      more[1 + index]++;
      count(item.and(counted.condition()), place, more, index + 1, found);
    }
    Conjunction without = endless ? item : item.and(counted.condition().opposites().getFirst());
    count(without, place, counts, index + 1, found);
  }

  private int number(int[] counts) {
    List<Integer> key = Arrays.stream(counts).boxed().toList();
    Integer known = numbers.get(key);
    if (known == null) {
      if (states.size() == MAX_STATES) {
        throw new IllegalArgumentException(
            "counting the items that satisfy contains takes more than "
                + MAX_STATES
                + " states; use smaller bounds");
      }
      known = states.size();
      numbers.put(key, known);
      states.add(counts);
    }
    return known;
  }
}
