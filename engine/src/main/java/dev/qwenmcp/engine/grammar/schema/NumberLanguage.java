package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.regular.Dfa;
import dev.qwenmcp.engine.grammar.regular.DfaAlgebra;
import dev.qwenmcp.engine.grammar.regular.DfaBuilder;
import dev.qwenmcp.engine.grammar.regular.Effort;
import dev.qwenmcp.engine.grammar.regular.Regex;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The texts of numbers within bounds, as automata over their characters.
 *
 * <p>Exponents are written only where nothing bounds the number, and then up to 307, so that what
 * is written is finite as a double; integers have neither fraction nor exponent; zero has no sign.
 */
final class NumberLanguage {
  private static final String EXPONENT = "(?:[eE][+-]?(?:[0-9]{1,2}|[12][0-9]{2}|30[0-7]))?";

  /** Digits of a bound beyond which nothing sensible is meant. */
  private static final int MAX_DIGITS = 400;

  /** States of the automaton of remainders. */
  private static final int MAX_REMAINDERS = 100_000;

  private final Effort effort;

  NumberLanguage(Effort effort) {
    this.effort = effort;
  }

  /**
   * The texts of the numbers of a branch.
   *
   * @throws IllegalArgumentException if a bound or divisor is too large; the message says so
   */
  Dfa of(Branch.Numbers numbers) {
    boolean bounded = numbers.min() != null || numbers.max() != null;
    boolean multiples = !numbers.divisors().isEmpty() || !numbers.excluded().isEmpty();
    if (!bounded && !multiples && numbers.kind() != Branch.Kind.FRACTION) {
      return texts(
          numbers.kind() == Branch.Kind.INTEGER
              ? "0|-?[1-9][0-9]*"
              : "-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?" + EXPONENT);
    }
    Dfa magnitudes =
        switch (numbers.kind()) {
          case INTEGER -> texts("0|[1-9][0-9]*");
          case FRACTION -> texts("(?:0|[1-9][0-9]*)\\.[0-9]*[1-9][0-9]*");
          case ANY -> texts("(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?");
        };
    for (BigDecimal divisor : numbers.divisors()) {
      magnitudes = and(magnitudes, multiples(divisor, false));
    }
    for (BigDecimal divisor : numbers.excluded()) {
      magnitudes = DfaAlgebra.minus(magnitudes, multiples(divisor, true), effort);
    }
    BigDecimal min = numbers.min();
    BigDecimal max = numbers.max();
    Dfa positive = magnitudes;
    if (min != null && min.signum() >= 0) {
      positive = and(positive, compared(min, true, numbers.minOpen()));
    }
    if (max != null) {
      positive =
          max.signum() < 0 ? Dfa.NOTHING : and(positive, compared(max, false, numbers.maxOpen()));
    }
    Dfa negative = and(magnitudes, compared(BigDecimal.ZERO, true, true));
    if (max != null && max.signum() <= 0) {
      negative = and(negative, compared(max.negate(), true, numbers.maxOpen()));
    }
    if (min != null) {
      negative =
          min.signum() >= 0
              ? Dfa.NOTHING
              : and(negative, compared(min.negate(), false, numbers.minOpen()));
    }
    return DfaAlgebra.or(positive, signed(negative), effort);
  }

  private Dfa texts(String expression) {
    return Regex.parse(expression).matching(effort);
  }

  private Dfa and(Dfa a, Dfa b) {
    return DfaAlgebra.and(a, b, effort);
  }

  /** The texts with a minus sign before them. */
  private static Dfa signed(Dfa texts) {
    if (texts.isEmpty()) {
      return texts;
    }
    DfaBuilder builder = new DfaBuilder();
    int start = builder.state(false);
    for (int state = 0; state < texts.states(); state++) {
      builder.state(texts.accepting(state));
    }
    builder.edge(start, '-', '-', Dfa.START + 1);
    for (int state = 0; state < texts.states(); state++) {
      for (int edge = 0; edge < texts.edges(state); edge++) {
        builder.edge(
            state + 1,
            texts.first(state, edge),
            texts.last(state, edge),
            texts.target(state, edge) + 1);
      }
    }
    return builder.build();
  }

  /** How a number's digits read so far compare with the bound's. */
  private enum Side {
    LESS,
    EQUAL,
    GREATER;

    Side then(int digit, int bound) {
      return this != EQUAL || digit == bound ? this : digit < bound ? LESS : GREATER;
    }
  }

  /**
   * A state of the comparison.
   *
   * @param fraction whether the decimal point has been read
   * @param digits digits read of this part, as far as they matter
   * @param some whether a digit has been read of this part
   */
  private record Place(boolean fraction, int digits, Side side, boolean some) {}

  /**
   * Decimal texts without sign and exponent whose value is at least (at most) a bound, or beyond
   * it.
   */
  private Dfa compared(BigDecimal bound, boolean atLeast, boolean open) {
    if (Math.max(bound.precision(), Math.abs(bound.scale())) > MAX_DIGITS) {
      throw new IllegalArgumentException(
          "a bound with more than " + MAX_DIGITS + " digits is not supported");
    }
    String[] parts =
        (bound.signum() == 0 ? BigDecimal.ZERO : bound.stripTrailingZeros())
            .toPlainString()
            .split("\\.");
    String whole = parts[0];
    String fraction = parts.length > 1 ? parts[1] : "";
    DfaBuilder builder = new DfaBuilder();
    Map<Place, Integer> numbers = new HashMap<>();
    List<Place> places = new ArrayList<>();
    Place start = new Place(false, 0, Side.EQUAL, false);
    numbers.put(start, builder.state(false));
    places.add(start);
    for (int number = 0; number < places.size(); number++) {
      effort.spend(10);
      Place at = places.get(number);
      for (char symbol = '.'; symbol <= '9'; symbol++) {
        Place next = symbol == '/' ? null : next(at, symbol, whole, fraction);
        if (next != null) {
          Integer to = numbers.get(next);
          if (to == null) {
            to = builder.state(next.some && holds(next, whole, fraction, atLeast, open));
            numbers.put(next, to);
            places.add(next);
          }
          builder.edge(number, symbol, symbol, to);
        }
      }
    }
    return builder.build();
  }

  private static Place next(Place at, char symbol, String whole, String fraction) {
    if (symbol == '.') {
      return at.fraction || !at.some ? null : new Place(true, 0, value(at, whole), false);
    }
    int digit = symbol - '0';
    if (!at.fraction) {
      if (at.digits >= whole.length()) {
        return new Place(false, whole.length() + 1, Side.GREATER, true);
      }
      return new Place(
          false, at.digits + 1, at.side.then(digit, whole.charAt(at.digits) - '0'), true);
    }
    if (at.side != Side.EQUAL) {
      return new Place(true, 0, at.side, true);
    }
    int bound = at.digits < fraction.length() ? fraction.charAt(at.digits) - '0' : 0;
    Side side = at.side.then(digit, bound);
    return side == Side.EQUAL
        ? new Place(true, Math.min(at.digits + 1, fraction.length()), side, true)
        : new Place(true, 0, side, true);
  }

  /** How the digits before the point compare once all are read. */
  private static Side value(Place at, String whole) {
    return at.digits < whole.length() ? Side.LESS : at.side;
  }

  private static boolean holds(
      Place at, String whole, String fraction, boolean atLeast, boolean open) {
    Side side = at.fraction ? at.side : value(at, whole);
    int digits = at.fraction ? at.digits : 0;
    if (side == Side.EQUAL && digits < fraction.length()) {
      side = Side.LESS; // the bound's last digit is not zero
    }
    return side == Side.EQUAL ? !open : (side == Side.GREATER) == atLeast;
  }

  /**
   * Decimal texts without sign and exponent that are multiples of c * 10^-k, with at most k digits
   * after the point: a state is the remainder by c of the digits, and how many stand after the
   * point.
   *
   * @param zeros whether any number of zeros may follow
   */
  private Dfa multiples(BigDecimal divisor, boolean zeros) {
    BigDecimal stripped = divisor.stripTrailingZeros();
    int k = Math.max(0, stripped.scale());
    BigDecimal scaled = stripped.movePointRight(k);
    if (scaled.precision() - scaled.scale() > 9
        || k > 30
        || scaled.longValueExact() * (k + 1L) > MAX_REMAINDERS) {
      throw new IllegalArgumentException(
          "multiples of " + divisor.toPlainString() + " need too large an automaton");
    }
    int c = scaled.intValueExact();
    effort.spend(10L * c * (k + 1));
    // power[j] = 10^(k - j) mod c: what is missing after j digits of the fraction
    int[] power = new int[k + 1];
    power[k] = 1 % c;
    for (int j = k - 1; j >= 0; j--) {
      power[j] = (int) (power[j + 1] * 10L % c);
    }
    DfaBuilder builder = new DfaBuilder();
    int start = builder.state(false);
    int whole = 1; // whole + remainder: before the point
    int after = whole + c; // after + j * c + remainder: j digits after it
    for (int r = 0; r < c; r++) {
      builder.state((long) r * power[0] % c == 0);
    }
    for (int j = 0; j <= k && k > 0; j++) {
      for (int r = 0; r < c; r++) {
        builder.state(j > 0 && (long) r * power[j] % c == 0);
      }
    }
    for (int digit = 0; digit < 10; digit++) {
      char symbol = (char) ('0' + digit);
      builder.edge(start, symbol, symbol, whole + digit % c);
      for (int r = 0; r < c; r++) {
        int to = (int) ((10L * r + digit) % c);
        builder.edge(whole + r, symbol, symbol, whole + to);
        for (int j = 0; j < k; j++) {
          builder.edge(after + j * c + r, symbol, symbol, after + (j + 1) * c + to);
        }
      }
    }
    for (int r = 0; r < c && k > 0; r++) {
      builder.edge(whole + r, '.', '.', after + r);
    }
    if (zeros) {
      int zero = builder.state(true);
      builder.edge(zero, '0', '0', zero);
      if (k > 0) {
        builder.edge(after + k * c, '0', '0', zero);
      } else {
        int point = builder.state(false);
        builder.edge(whole, '.', '.', point);
        builder.edge(point, '0', '0', zero);
      }
    }
    return builder.build();
  }
}
