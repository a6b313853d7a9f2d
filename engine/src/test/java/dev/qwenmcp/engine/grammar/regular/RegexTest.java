package dev.qwenmcp.engine.grammar.regular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTest {

  private static Dfa matching(String regex) {
    return Regex.parse(regex).matching(new Effort());
  }

  private static Dfa containing(String regex) {
    return Regex.parse(regex).containing(new Effort());
  }

  /** A random expression over a, b and c. */
  private static String expression(Random random, int depth) {
    String[] atoms = {"a", "b", "c", ".", "[ab]", "[^ad]", "\\w", "[b-c]", "^", "$"};
    if (depth == 0) {
      return atoms[random.nextInt(atoms.length)];
    }
    String inner = expression(random, depth - 1);
    return switch (random.nextInt(8)) {
      case 0 -> inner + expression(random, depth - 1);
      case 1 -> inner + "|" + expression(random, depth - 1);
      case 2 -> "(" + inner + ")*";
      case 3 -> "(?:" + inner + ")+?";
      // Of two groups of one name Java refuses the expression: there are names enough for none.
      case 4 -> "(?<n" + random.nextInt(Integer.MAX_VALUE) + "x>" + inner + ")?";
      case 5 -> "(" + inner + "){1,3}";
      case 6 -> "(" + inner + "){2}" + expression(random, depth - 1);
      default -> "(" + inner + ")" + expression(random, depth - 1);
    };
  }

  /** Where a match that begins at one of {@code from} may end: the definition, by sets. */
  private static Set<Integer> ends(Regex regex, String text, Set<Integer> from) {
    Set<Integer> to = new TreeSet<>();
    switch (regex) {
      case Regex.Chars(var set) -> {
        for (int i : from) {
          if (i < text.length() && set.contains(text.charAt(i))) {
            to.add(i + 1);
          }
        }
      }
      case Regex.Begin() -> to.addAll(from.contains(0) ? Set.of(0) : Set.of());
      case Regex.End() ->
          to.addAll(from.contains(text.length()) ? Set.of(text.length()) : Set.of());
      case Regex.Choice(var options) ->
          options.forEach(option -> to.addAll(ends(option, text, from)));
      case Regex.Sequence(var parts) -> {
        to.addAll(from);
        for (Regex part : parts) {
          Set<Integer> next = ends(part, text, to);
          to.clear();
          to.addAll(next);
        }
      }
      case Regex.Repeat repeat -> {
        Set<Integer> current = from;
        int rounds = repeat.max() < 0 ? repeat.min() + text.length() + 1 : repeat.max();
        for (int i = 0; i <= rounds; i++) {
          if (i >= repeat.min()) {
            to.addAll(current);
          }
          current = ends(repeat.part(), text, current);
        }
      }
      case Regex.Lookahead look -> throw new AssertionError(look);
    }
    return to;
  }

  @Property(tries = 2000)
  void agreesWithTheDefinition(@ForAll long seed) {
    Random random = new Random(seed);
    String expression = expression(random, 1 + random.nextInt(4));
    Regex regex = Regex.parse(expression);
    Dfa whole;
    Dfa part;
    try {
      whole = regex.matching(new Effort());
      part = regex.containing(new Effort());
    } catch (RegularLanguageException e) {
      // About one in 10,000 is of exponential size.
      assertThat(e).hasMessageContaining("too large an automaton");
      Assume.that(false);
      return;
    }
    for (int i = 0; i < 60; i++) {
      StringBuilder random7 = new StringBuilder();
      for (int n = random.nextInt(7); n > 0; n--) {
        random7.append("abcd".charAt(random.nextInt(4)));
      }
      String text = random7.toString();
      Set<Integer> anywhere = new TreeSet<>();
      for (int from = 0; from <= text.length(); from++) {
        anywhere.add(from);
      }
      String as = expression + " on " + text;
      assertThat(whole.accepts(text))
          .as(as)
          .isEqualTo(ends(regex, text, Set.of(0)).contains(text.length()));
      assertThat(part.accepts(text)).as(as).isEqualTo(!ends(regex, text, anywhere).isEmpty());
      if (!expression.contains("^") && !expression.contains("$")) {
        assertThat(part.accepts(text))
            .as(as)
            .isEqualTo(Pattern.compile(expression).matcher(text).find());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "^[a-z]+$ abc ab1",
        "\\d{3}-\\d{4} x555-1234y 555-123",
        "^(?!x)[a-z]+$ yx xy",
        "^(?=.*[0-9])[a-z0-9]+$ ab1 abc",
        "^((?!ab).*)$ ba abc",
        "[\\]a-] - b",
        "[^\\s] a \u3000",
        "^.$ \uD83D\uDE00 ab",
        "^\\uD83D\\uDE00$ \uD83D\uDE00 \uD83D\uDE01",
        "^\\u{1F600}$ \uD83D\uDE00 \uD83D\uDE01",
        "^\\p{Lu}\\p{Ll}+$ \u00c9tat \u00e9tat",
        "^\\P{L}+$ 123 12a",
        "a{,2} a{,2} aa",
        "x{a} x{a} xa",
        "^\\x41\\cA?$ A B",
        "^[\\w.-]+@[\\w-]+$ a.b@c-d a@b@",
        "^(a|b$|^c)+$ ab bc"
      })
  void understandsEcmaScriptSyntax(String regex, String matching, String other) {
    assertThat(containing(regex).accepts(matching)).as(matching).isTrue();
    assertThat(containing(regex).accepts(other)).as(other).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "(a|unmatched '('",
        "a)|unmatched ')'",
        "[a|']' is missing",
        "*a|nothing to repeat",
        "a**|nothing to repeat",
        "a{3,2}|reversed",
        "[z-a]|reversed",
        "(?<=a)b|lookbehind",
        "a(?=b)|lookahead",
        "(a)\\1|back references",
        "\\bword|word boundaries",
        "(?i)a|flags",
        "\\q|escape \\q",
        "\\p{Klingon}|Klingon",
        "a{1000000}|100000",
        "\\|ends early",
        "\\u12|ends early",
        "\\u{110000}|code point"
      })
  void namesWhatItDoesNotUnderstand(String regex, String problem) {
    String actual = regex.equals("a") ? "a|" : regex;
    assertThatThrownBy(() -> containing(actual))
        .isInstanceOf(RegularLanguageException.class)
        .hasMessageContaining(problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "((((a{1000}){1000}){1000}){1000})",
        "(a*)*(b*)*(((c*)*)*)*",
        "[ab]*a[ab]{40}$",
        "(x+x+)+y",
        "((a|b|c|d){1,300}){1,300}",
        "(\\p{L}|\\p{N}){500}(\\w|\\p{L}){500}"
      })
  void endsInBoundedTimeOnHostileExpressions(String regex) {
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          try {
            containing(regex);
          } catch (RegularLanguageException e) {
            assertThat(e).hasMessageContaining("automaton");
          }
        });
  }

  @Test
  void deepGroupsAreRefusedInsteadOfOverflowingTheStack() {
    String deep = "(".repeat(100_000) + "a" + ")".repeat(100_000);
    assertThatThrownBy(() -> containing(deep))
        .isInstanceOf(RegularLanguageException.class)
        .hasMessageContaining("deeper than 200");
  }

  @Test
  void everyStateCanBeReachedAndCompleted() {
    Dfa dfa = matching("(ab|a[^\\s\\S])*c");
    // After "a" only "b" is left: the branch into the empty class is gone.
    int state = dfa.step(Dfa.START, 'a');
    assertThat(dfa.edges(state)).isEqualTo(1);
    assertThat(matching("[]").isEmpty()).isTrue();
    assertThat(matching("a$b").isEmpty()).isTrue();
  }

  @Test
  void knowsWhereEverythingMayFollow() {
    Dfa dfa = containing("ab");
    int state = dfa.step(dfa.step(Dfa.START, 'a'), 'b');
    assertThat(dfa.universal(state)).isTrue();
    assertThat(dfa.universal(Dfa.START)).isFalse();
    assertThat(Dfa.ANYTHING.universal(Dfa.START)).isTrue();
  }
}
