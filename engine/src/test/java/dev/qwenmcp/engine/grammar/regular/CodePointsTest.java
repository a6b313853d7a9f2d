package dev.qwenmcp.engine.grammar.regular;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CodePointsTest {

  private static CodePoints set(List<Integer> ends) {
    int[] ranges = new int[ends.size() / 2 * 2];
    for (int i = 0; i < ranges.length; i += 2) {
      ranges[i] = Math.min(ends.get(i), ends.get(i + 1));
      ranges[i + 1] = Math.max(ends.get(i), ends.get(i + 1));
    }
    return CodePoints.ranges(ranges);
  }

  @Property(tries = 500)
  void operationsHoldForEveryCodePoint(
      @ForAll @Size(max = 8) List<@IntRange(min = 0xD7F0, max = 0xE010) Integer> a,
      @ForAll @Size(max = 8) List<@IntRange(min = 0xD7F0, max = 0xE010) Integer> b) {
    CodePoints left = set(a);
    CodePoints right = set(b);
    for (int c = 0xD7E0; c < 0xE020; c++) {
      boolean scalar = c < 0xD800 || c > 0xDFFF;
      assertThat(left.or(right).contains(c)).isEqualTo(left.contains(c) || right.contains(c));
      assertThat(left.and(right).contains(c)).isEqualTo(left.contains(c) && right.contains(c));
      assertThat(left.complement().contains(c)).isEqualTo(scalar && !left.contains(c));
      assertThat(scalar || !left.contains(c)).isTrue();
    }
    assertThat(left.complement().complement()).isEqualTo(left);
  }
}
