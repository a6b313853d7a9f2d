package dev.qwenmcp.engine.grammar;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Guesses, where the names of several members may come, how the next one in the order of the schema
 * goes on: the order in which models mostly write them. Not for several threads.
 */
final class NextMember {
  /** Where a state of a rule of objects stands. */
  private enum Place {
    /** Within what the names of several members have in common. */
    NAMES,
    /** After the name of one. */
    NAMED,
    ELSEWHERE
  }

  private final Map<Rule, Place[]> places = new HashMap<>();

  /** The next byte of the name of the likeliest member; -1 where no name is being read. */
  int symbol(Configuration at) {
    int least = Integer.MAX_VALUE;
    int likeliest = -1;
    for (int i = 0; i < at.size(); i++) {
      if (at.terminals[i] instanceof ByteTerminal) {
        int distance = distance(at, i);
        if (distance < least) {
          least = distance;
          likeliest = i;
        }
      }
    }
    return likeliest < 0 ? -1 : next(at.terminals[likeliest], at.states[likeliest]);
  }

  /** The only byte that a fixed text goes on with; -1 if the terminal has several texts. */
  private static int next(Terminal terminal, long state) {
    int only = -1;
    for (int symbol = 0; symbol < 256; symbol++) {
      if (terminal.step(state, symbol) != Terminal.DEAD) {
        if (only >= 0) {
          return -1;
        }
        only = symbol;
      }
    }
    return only;
  }

  /** How far the nearest member that a thread leads to is from being the next one. */
  private int distance(Configuration at, int thread) {
    int least = Integer.MAX_VALUE;
    for (Stack.Entry entry : at.stacks[thread].entries) {
      switch (place(entry)) {
        case NAMES -> {
          for (Rule.Edge edge : entry.rule().edges[entry.state()]) {
            least = Math.min(least, distance(entry, edge.guard()));
          }
        }
        case NAMED -> least = Math.min(least, distance(at, entry));
        case ELSEWHERE -> {}
      }
    }
    return least;
  }

  private static int distance(Stack.Entry entry, Guard guard) {
    MemberLimits limits = entry.rule().members();
    return switch (guard) {
      case Guard.AnyOf(int first, int last) -> limits.distance(entry.members(), first, last);
      case Guard.Member(int number) -> limits.distance(entry.members(), number, number);
      default -> Integer.MAX_VALUE;
    };
  }

  /** The distance of the member whose name ends before a place, told by what others lack. */
  private static int distance(Configuration at, Stack.Entry named) {
    for (Stack stack : at.stacks) {
      for (Stack.Entry other : stack.entries) {
        if (other.rule() == named.rule() && other.below() == named.below()) {
          int number = named.members().firstMissingIn(other.members());
          if (number >= 0) {
            return named.rule().members().distance(named.members(), number);
          }
        }
      }
    }
    return Integer.MAX_VALUE;
  }

  private Place place(Stack.Entry entry) {
    return entry.rule().members() == null
        ? Place.ELSEWHERE
        : places.computeIfAbsent(entry.rule(), NextMember::places)[entry.state()];
  }

  private static Place[] places(Rule rule) {
    Place[] places = new Place[rule.edges.length];
    Arrays.fill(places, Place.ELSEWHERE);
    for (Rule.Edge[] edges : rule.edges) {
      for (Rule.Edge edge : edges) {
        if (edge.guard() instanceof Guard.AnyOf) {
          places[edge.to()] = Place.NAMES;
        } else if (edge.guard() instanceof Guard.Member && readsColon(rule, edge.to())) {
          places[edge.to()] = Place.NAMED;
        }
      }
    }
    return places;
  }

  /** Whether a member's name comes before a state, rather than an item of an array. */
  private static boolean readsColon(Rule rule, int state) {
    for (Rule.Edge edge : rule.edges[state]) {
      if (!edge.guard().equals(Guard.NONE)) {
        return false;
      }
    }
    return true;
  }
}
