package dev.qwenmcp.engine.grammar.regular;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Set operations on languages, by the product of their automata. */
public final class DfaAlgebra {
  private DfaAlgebra() {}

  /** A state with its place in a map takes some 500 bytes and more than a microsecond. */
  private static final int STATE_COST = 150;

  private enum Operation {
    AND,
    OR,
    MINUS;

    boolean accepts(boolean a, boolean b) {
      return switch (this) {
        case AND -> a && b;
        case OR -> a || b;
        case MINUS -> a && !b;
      };
    }

    /** Whether something can still be accepted when one side is dead. */
    boolean open(int a, int b) {
      return switch (this) {
        case AND -> a != Dfa.DEAD && b != Dfa.DEAD;
        case OR -> a != Dfa.DEAD || b != Dfa.DEAD;
        case MINUS -> a != Dfa.DEAD;
      };
    }
  }

  /** Texts of both. */
  public static Dfa and(Dfa a, Dfa b, Effort effort) {
    if (a == Dfa.ANYTHING) {
      return b;
    }
    return b == Dfa.ANYTHING ? a : product(a, b, Operation.AND, effort);
  }

  /** Texts of either. */
  public static Dfa or(Dfa a, Dfa b, Effort effort) {
    return product(a, b, Operation.OR, effort);
  }

  /** Texts of {@code a} that are not of {@code b}. */
  public static Dfa minus(Dfa a, Dfa b, Effort effort) {
    return product(a, b, Operation.MINUS, effort);
  }

  private static Dfa product(Dfa a, Dfa b, Operation operation, Effort effort) {
    int startA = a.isEmpty() ? Dfa.DEAD : Dfa.START;
    int startB = b.isEmpty() ? Dfa.DEAD : Dfa.START;
    if (!operation.open(startA, startB)) {
      return Dfa.NOTHING;
    }
    DfaBuilder builder = new DfaBuilder();
    Map<Long, Integer> numbers = new HashMap<>();
    List<Long> pairs = new ArrayList<>();
    pairs.add(pair(startA, startB));
    numbers.put(pairs.getFirst(), builder.state(accepts(a, startA, b, startB, operation)));
    for (int number = 0; number < pairs.size(); number++) {
      int stateA = (int) (pairs.get(number) >> 32);
      int stateB = (int) (long) pairs.get(number);
      int edgesA = stateA == Dfa.DEAD ? 0 : a.edges(stateA);
      int edgesB = stateB == Dfa.DEAD ? 0 : b.edges(stateB);
      int symbol = 0;
      int i = 0;
      int j = 0;
      while (i < edgesA || j < edgesB) {
        effort.spend(2);
        // The segment that begins at `symbol`: within it both sides keep their edge, or their lack.
        boolean insideA = i < edgesA && a.first(stateA, i) <= symbol;
        boolean insideB = j < edgesB && b.first(stateB, j) <= symbol;
        int last = Integer.MAX_VALUE;
        if (i < edgesA) {
          last = insideA ? a.last(stateA, i) : a.first(stateA, i) - 1;
        }
        if (j < edgesB) {
          last = Math.min(last, insideB ? b.last(stateB, j) : b.first(stateB, j) - 1);
        }
        int toA = insideA ? a.target(stateA, i) : Dfa.DEAD;
        int toB = insideB ? b.target(stateB, j) : Dfa.DEAD;
        if ((insideA || insideB) && operation.open(toA, toB)) {
          long pair = pair(toA, toB);
          Integer to = numbers.get(pair);
          if (to == null) {
            effort.spend(STATE_COST);
            to = builder.state(accepts(a, toA, b, toB, operation));
            numbers.put(pair, to);
            pairs.add(pair);
          }
          builder.edge(number, symbol, last, to);
        }
        if (insideA && last == a.last(stateA, i)) {
          i++;
        }
        if (insideB && last == b.last(stateB, j)) {
          j++;
        }
        symbol = last + 1;
      }
    }
    return builder.build();
  }

  private static long pair(int a, int b) {
    return (long) a << 32 | b & 0xffffffffL;
  }

  private static boolean accepts(Dfa a, int stateA, Dfa b, int stateB, Operation operation) {
    return operation.accepts(
        stateA != Dfa.DEAD && a.accepting(stateA), stateB != Dfa.DEAD && b.accepting(stateB));
  }
}
