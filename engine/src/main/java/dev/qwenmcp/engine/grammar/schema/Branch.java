package dev.qwenmcp.engine.grammar.schema;

import dev.qwenmcp.engine.grammar.regular.Dfa;
import dev.qwenmcp.engine.json.JsonValue;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An alternative of a schema: conditions on the values of one JSON type. */
sealed interface Branch {
  int NO_MAX = Integer.MAX_VALUE;

  /** {@code null}. */
  record Nothing() implements Branch {}

  /** {@code true} or {@code false}. */
  record Flag(boolean value) implements Branch {}

  /** Which numbers, as to fractions. */
  enum Kind {
    ANY,
    INTEGER,
    /** Numbers that are not integers. */
    FRACTION
  }

  /**
   * Numbers.
   *
   * @param min lower bound, null for none
   * @param minOpen whether the bound itself is excluded
   * @param max upper bound, null for none
   * @param maxOpen whether the bound itself is excluded
   * @param divisors the number must be a multiple of each
   * @param excluded the number must not be a multiple of any
   */
  record Numbers(
      Kind kind,
      BigDecimal min,
      boolean minOpen,
      BigDecimal max,
      boolean maxOpen,
      Set<BigDecimal> divisors,
      Set<BigDecimal> excluded)
      implements Branch {
    static final Numbers ANY = new Numbers(Kind.ANY, null, false, null, false, Set.of());

    public Numbers {
      divisors = Set.copyOf(divisors);
      excluded = Set.copyOf(excluded);
    }

    /** Whatever they are no multiples of. */
    Numbers(
        Kind kind,
        BigDecimal min,
        boolean minOpen,
        BigDecimal max,
        boolean maxOpen,
        Set<BigDecimal> divisors) {
      this(kind, min, minOpen, max, maxOpen, divisors, Set.of());
    }

    /** One number, in one spelling: with as many decimals as it needs. */
    static Numbers only(BigDecimal value) {
      BigDecimal stripped = value.stripTrailingZeros();
      return stripped.scale() <= 0
          ? new Numbers(Kind.INTEGER, value, false, value, false, Set.of())
          : new Numbers(Kind.FRACTION, value, false, value, false, Set.of(stripped.ulp()));
    }
  }

  /** Strings by their code points and number of these. */
  record Texts(Dfa chars, int min, int max) implements Branch {
    static final Texts ANY = new Texts(Dfa.ANYTHING, 0, NO_MAX);
  }

  /** Given strings. */
  record Words(Set<String> words) implements Branch {
    public Words {
      words = Collections.unmodifiableSet(new LinkedHashSet<>(words));
    }
  }

  /**
   * How many items satisfy a condition.
   *
   * @param condition of one subschema, or its opposite
   * @param from how many items come before those that are counted
   * @param min fewest
   * @param max most
   */
  record Counted(Conjunction condition, int from, int min, int max) {}

  /**
   * Arrays.
   *
   * @param prefix conditions on the first items
   * @param items condition on all further ones
   * @param counted how many items satisfy further conditions
   * @param distinct the keyword that lets no item come twice, as a pointer; null where items may
   * @param evaluated how many of the first items some schema has spoken of, as {@code
   *     unevaluatedItems} asks; 0 where nobody asks
   */
  record Items(
      List<Conjunction> prefix,
      Conjunction items,
      int min,
      int max,
      List<Counted> counted,
      String distinct,
      int evaluated)
      implements Branch {
    static final Items ANY = new Items(List.of(), Conjunction.ALWAYS, 0, NO_MAX);

    public Items {
      prefix = List.copyOf(prefix);
      counted = List.copyOf(counted);
    }

    /** Without counted conditions, items as often as they come. */
    Items(List<Conjunction> prefix, Conjunction items, int min, int max) {
      this(prefix, items, min, max, List.of(), null, 0);
    }

    /** Any items, of which so many satisfy a condition. */
    static Items counting(Counted counted) {
      return new Items(List.of(), Conjunction.ALWAYS, 0, NO_MAX, List.of(counted), null, 0);
    }

    /** The same arrays, of whose first items some schema has spoken. */
    Items withEvaluated(int count) {
      return new Items(prefix, items, min, max, counted, distinct, count);
    }

    Conjunction item(int i) {
      return i < prefix.size() ? prefix.get(i) : items;
    }
  }

  /** Names that are not declared one by one, and the condition on their members. */
  record Names(Dfa names, Conjunction condition) {}

  /**
   * Objects.
   *
   * @param declared conditions on members by name, in the order in which they are written
   * @param required names of members that must be there, all of them declared
   * @param others conditions on all other members; the languages of names are disjoint, and names
   *     in none of them are not allowed
   * @param min fewest members
   * @param max most members
   * @param evaluated names of the members that some schema has spoken of, as {@code
   *     unevaluatedProperties} asks; none where nobody asks
   */
  record Members(
      Map<String, Conjunction> declared,
      Set<String> required,
      List<Names> others,
      int min,
      int max,
      Dfa evaluated)
      implements Branch {
    static final Members ANY =
        new Members(
            Map.of(), Set.of(), List.of(new Names(Dfa.ANYTHING, Conjunction.ALWAYS)), 0, NO_MAX);

    public Members {
      declared = Collections.unmodifiableMap(new LinkedHashMap<>(declared));
      required = Collections.unmodifiableSet(new LinkedHashSet<>(required));
      others = List.copyOf(others);
    }

    /** Where nobody asks which members some schema has spoken of. */
    Members(
        Map<String, Conjunction> declared,
        Set<String> required,
        List<Names> others,
        int min,
        int max) {
      this(declared, required, others, min, max, Dfa.NOTHING);
    }

    /** The same objects, of whose members some schema has spoken. */
    Members withEvaluated(Dfa names) {
      return new Members(declared, required, others, min, max, names);
    }

    /** The condition on the member of a name. */
    Conjunction condition(String name) {
      Conjunction condition = declared.get(name);
      if (condition != null) {
        return condition;
      }
      for (Names other : others) {
        if (other.names().accepts(name)) {
          return other.condition();
        }
      }
      return Conjunction.NEVER;
    }
  }

  /** One given array or object. */
  record Value(JsonValue value) implements Branch {}

  /** All values. */
  List<Branch> ANY =
      List.of(
          new Nothing(),
          new Flag(true),
          new Flag(false),
          Numbers.ANY,
          Texts.ANY,
          Items.ANY,
          Members.ANY);
}
