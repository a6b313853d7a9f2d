package dev.qwenmcp.engine.draft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LookupDrafterTest {
  @Test
  void draftsWhatFollowedTheSameEnding() {
    LookupDrafter drafter = new LookupDrafter();
    drafter.accept(1, 2, 3, 4, 5, 6, 9, 2, 3);
    assertThat(drafter.draft(3)).containsExactly(4, 5, 6);
  }

  @Test
  void prefersTheLongerAndThenTheLaterPlace() {
    LookupDrafter drafter = new LookupDrafter();
    drafter.accept(7, 2, 3, 10, 8, 2, 3, 20, 7, 2, 3);
    assertThat(drafter.draft(1)).containsExactly(10);
    LookupDrafter later = new LookupDrafter();
    later.accept(2, 3, 10, 5, 2, 3, 20, 6, 2, 3);
    assertThat(later.draft(1)).containsExactly(20);
  }

  @Test
  void newTextHasNoDraft() {
    LookupDrafter drafter = new LookupDrafter();
    drafter.accept(1, 2, 3, 4);
    assertThat(drafter.draft(5)).isEmpty();
  }

  @Test
  void aCircleIsContinued() {
    LookupDrafter drafter = new LookupDrafter();
    drafter.accept(1, 2, 3, 1, 2, 3);
    assertThat(drafter.draft(7)).containsExactly(1, 2, 3, 1, 2, 3, 1);
  }

  @Property(tries = 200)
  void equalsAPlainSearch(@ForAll long seed) {
    Random random = new Random(seed);
    int[] tokens = random.ints(1 + random.nextInt(120), 0, 3).toArray();
    LookupDrafter drafter = new LookupDrafter();
    for (int t : tokens) {
      drafter.accept(t);
    }
    assertThat(drafter.draft(4)).isEqualTo(search(tokens, 4));
  }

  private static int[] search(int[] tokens, int most) {
    int size = tokens.length;
    for (int n = Math.min(4, size); n >= 2; n--) {
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
