package dev.qwenmcp.engine.draft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LookupDrafterTest {
  private static final IntPredicate ANY = token -> true;

  @Test
  void draftsWhatFollowedTheSameEnding() {
    LookupDrafter drafter = new LookupDrafter();
    drafter.accept(1, 2, 3, 4, 5, 6, 9, 2, 3);
    assertThat(drafter.draft(3, ANY).tokens()).containsExactly(4, 5, 6);
  }

  @Test
  void prefersTheLongerAndThenTheLaterPlace() {
    LookupDrafter drafter = new LookupDrafter();
    drafter.accept(7, 2, 3, 10, 8, 2, 3, 20, 7, 2, 3);
    assertThat(drafter.draft(1, ANY).tokens()).containsExactly(10);
    LookupDrafter later = new LookupDrafter();
    later.accept(2, 3, 10, 5, 2, 3, 20, 6, 2, 3);
    assertThat(later.draft(1, ANY).tokens()).containsExactly(20);
  }

  @Test
  void newTextHasNoDraft() {
    LookupDrafter drafter = new LookupDrafter();
    drafter.accept(1, 2, 3, 4);
    assertThat(drafter.draft(5, ANY).tokens()).isEmpty();
  }

  @Test
  void aCircleIsContinued() {
    LookupDrafter drafter = new LookupDrafter();
    drafter.accept(1, 2, 3, 1, 2, 3);
    assertThat(drafter.draft(7, ANY).tokens()).containsExactly(1, 2, 3, 1, 2, 3, 1);
  }

  @Test
  void goesOnInThePlaceItCopiesFrom() {
    LookupDrafter drafter = new LookupDrafter();
    // The long text and, later, its middle with another end; both agree with more than is compared.
    int[] text = IntStream.range(100, 160).toArray();
    drafter.accept(text);
    drafter.accept(1, 2);
    drafter.accept(Arrays.copyOfRange(text, 5, 50));
    drafter.accept(3, 4);
    drafter.accept(Arrays.copyOf(text, 4));
    assertThat(drafter.draft(3, ANY).tokens()).containsExactly(104, 105, 106);
    drafter.accept(Arrays.copyOfRange(text, 4, 50));
    assertThat(drafter.draft(1, ANY).tokens()).containsExactly(150);
  }

  @Test
  void takesAnotherPlaceWhereTheFirstMayNotCome() {
    LookupDrafter drafter = new LookupDrafter();
    drafter.accept(2, 3, 10, 5, 2, 3, 20, 6, 2, 3);
    assertThat(drafter.draft(1, token -> token != 20).tokens()).containsExactly(10);
    assertThat(drafter.draft(1, token -> token > 20).tokens()).isEmpty();
  }

  @Test
  void takesUpWhatStandsNextInThePrompt() {
    LookupDrafter drafter = new LookupDrafter();
    drafter.accept(1, 50, 51, 9, 1, 60, 61, 9, 1, 70, 71, 9, 2, 3);
    drafter.draft(1, ANY);
    drafter.accept(50);
    assertThat(drafter.draft(1, ANY).tokens()).containsExactly(51);
    drafter.accept(51, 4, 1);
    assertThat(drafter.draft(2, ANY).tokens()).containsExactly(60, 61);
  }

  @Test
  void wordsWithAndWithoutASpaceAreTheSame() {
    LookupDrafter drafter = new LookupDrafter(token -> token % 100);
    drafter.accept(1, 102, 103, 104, 7, 8, 2);
    assertThat(drafter.draft(2, ANY).tokens()).containsExactly(103, 104);
  }

  @Test
  void aFrequentTokenAloneSaysLittle() {
    LookupDrafter drafter = new LookupDrafter();
    drafter.accept(1, 2, 1, 3, 1, 4, 1, 5, 1, 6, 7, 8, 9, 7, 0, 1);
    assertThat(drafter.draft(1, ANY).support()).isZero();
    drafter.accept(20, 9);
    assertThat(drafter.draft(1, ANY).support()).isEqualTo(1);
  }

  @Test
  void saysHowManyTokensAgree() {
    LookupDrafter drafter = new LookupDrafter();
    drafter.accept(1, 2, 3, 4, 9, 9, 2, 3, 4);
    assertThat(drafter.draft(1, ANY).support()).isEqualTo(3);
  }

  @Property(tries = 200)
  void equalsAPlainSearch(@ForAll long seed) {
    Random random = new Random(seed);
    int[] tokens = random.ints(1 + random.nextInt(120), 0, 3).toArray();
    LookupDrafter drafter = new LookupDrafter();
    drafter.accept(tokens);
    assertThat(drafter.draft(4, ANY).tokens()).isEqualTo(search(tokens, 4));
  }

  /** What followed the longest repeated ending in its latest place. */
  private static int[] search(int[] tokens, int most) {
    int size = tokens.length;
    for (int n = Math.min(32, size); n >= 1; n--) {
      for (int end = size - 1; end >= n; end--) {
        if (Arrays.equals(tokens, end - n, end, tokens, size - n, size)) {
          int[] found = new int[most];
          for (int i = 0; i < most; i++) {
            found[i] = tokens[end + i % (size - end)];
          }
          return found;
        }
      }
    }
    return new int[0];
  }
}
