package dev.qwenmcp.engine.grammar.regular;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DfaAlgebraTest {
  private static final String[] EXPRESSIONS = {
    "a*", "(ab)+", "[a-c]{2,4}", ".*b.*", "a|bc|", "[^b]*", "(a|b)*c", "abc", "b+[ac]?", ".{3}"
  };

  @Property(tries = 300)
  void combinesLanguagesTextByText(@ForAll long seed) {
    Random random = new Random(seed);
    Effort effort = new Effort();
    Dfa a = Regex.parse(EXPRESSIONS[random.nextInt(EXPRESSIONS.length)]).matching(effort);
    Dfa b = Regex.parse(EXPRESSIONS[random.nextInt(EXPRESSIONS.length)]).matching(effort);
    Dfa and = DfaAlgebra.and(a, b, effort);
    Dfa or = DfaAlgebra.or(a, b, effort);
    Dfa minus = DfaAlgebra.minus(a, b, effort);
    for (int i = 0; i < 100; i++) {
      StringBuilder random4 = new StringBuilder();
      for (int n = random.nextInt(6); n > 0; n--) {
        random4.append("abcd".charAt(random.nextInt(4)));
      }
      String text = random4.toString();
      assertThat(and.accepts(text)).isEqualTo(a.accepts(text) && b.accepts(text));
      assertThat(or.accepts(text)).isEqualTo(a.accepts(text) || b.accepts(text));
      assertThat(minus.accepts(text)).isEqualTo(a.accepts(text) && !b.accepts(text));
    }
  }

  @Test
  void knowsEmptyLanguages() {
    Effort effort = new Effort();
    Dfa a = Dfa.literals(List.of("x", "yz"));
    assertThat(DfaAlgebra.minus(a, a, effort).isEmpty()).isTrue();
    assertThat(DfaAlgebra.and(a, Dfa.literals(List.of("y")), effort).isEmpty()).isTrue();
    assertThat(DfaAlgebra.or(Dfa.NOTHING, a, effort).accepts("yz")).isTrue();
    assertThat(DfaAlgebra.minus(Dfa.ANYTHING, Dfa.ANYTHING, effort).isEmpty()).isTrue();
    assertThat(Dfa.literals(List.of()).isEmpty()).isTrue();
  }

  @Test
  void takingTextsAwayLeavesAllOthers() {
    Effort effort = new Effort();
    Dfa others =
        DfaAlgebra.minus(Dfa.ANYTHING, Dfa.literals(List.of("id", "\uD83D\uDE00")), effort);
    assertThat(others.accepts("id")).isFalse();
    assertThat(others.accepts("\uD83D\uDE00")).isFalse();
    assertThat(others.accepts("i")).isTrue();
    assertThat(others.accepts("ids")).isTrue();
    assertThat(others.accepts("")).isTrue();
    assertThat(others.universal(others.step(Dfa.START, 'z'))).isTrue();
  }
}
