package dev.qwenmcp.server.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CheckedCitationsTest {
  private static final List<String> TWO = List.of("The warranty lasts 3 years.", "保修期为三年，维修需要10天。");

  @Test
  void keepsWhatExistsAndRemovesWhatDoesNot() {
    CheckedCitations checked =
        CheckedCitations.of("It lasts 3 years [1][7]. Repairs take 10 days [2, 9]. Bye【3】.", TWO);
    assertThat(checked.text()).isEqualTo("It lasts 3 years [1]. Repairs take 10 days [2]. Bye.");
    assertThat(checked.cited()).containsExactly(1, 2);
    assertThat(checked.removed()).containsExactly("7", "9", "3");
    assertThat(checked.uncited()).isEmpty();
    assertThat(checked.unsupported()).isEmpty();
  }

  @Test
  void namesStatementsWithoutASourceAndFiguresThatNoSourceHas() {
    CheckedCitations checked =
        CheckedCitations.of(
            "The warranty lasts 5 years. [1] Shipping is free of charge. Anything else?", TWO);
    assertThat(checked.uncited()).containsExactly("Shipping is free of charge.");
    assertThat(checked.unsupported()).containsExactly("5");
  }

  @Test
  void readsChineseAnswersAndMarks() {
    CheckedCitations checked = CheckedCitations.of("维修大约需要10天【2】。运费由买家承担。好的。", TWO);
    assertThat(checked.text()).startsWith("维修大约需要10天[2]。");
    assertThat(checked.uncited()).containsExactly("运费由买家承担。");
  }

  @Property(tries = 500)
  void whateverIsWrittenOnlyExistingNumbersStay(@ForAll String text, @ForAll int number) {
    CheckedCitations checked =
        CheckedCitations.of(text + " so it is [" + number + "] and [1,2,3]", TWO);
    Matcher mark = Pattern.compile("\\[(\\d+)]").matcher(checked.text());
    while (mark.find()) {
      if (mark.group(1).length() <= 9) { // longer digits are no citation but text
        assertThat(Integer.parseInt(mark.group(1))).isBetween(1, 2);
      }
    }
    assertThat(checked.cited()).isSubsetOf(1, 2);
  }
}
