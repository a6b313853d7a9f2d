package dev.qwenmcp.engine.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class StopMatcherTest {

  @Test
  void passesTextWithoutStopStrings() {
    StopMatcher matcher = new StopMatcher(List.of());
    assertThat(matcher.push("any")).isEqualTo("any");
    assertThat(matcher.finish()).isEmpty();
    assertThat(matcher.stopped()).isFalse();
  }

  @Test
  void holdsBackWhatMayBecomeAStopString() {
    StopMatcher matcher = new StopMatcher(List.of("\n\nUser:"));
    assertThat(matcher.push("Hello\n")).isEqualTo("Hello");
    assertThat(matcher.push("\n")).isEmpty();
    assertThat(matcher.push("\nUs")).isEqualTo("\n");
    assertThat(matcher.push("er")).isEmpty();
    assertThat(matcher.push(": hi")).isEmpty();
    assertThat(matcher.stopped()).isTrue();
    assertThat(matcher.matched()).isEqualTo("\n\nUser:");
    assertThat(matcher.push("more")).isEmpty();
    assertThat(matcher.finish()).isEmpty();
  }

  @Test
  void givesBackWhatWasHeldWhenNoStopStringCame() {
    StopMatcher matcher = new StopMatcher(List.of("stop"));
    assertThat(matcher.push("don't sto")).isEqualTo("don't ");
    assertThat(matcher.finish()).isEqualTo("sto");
    assertThat(matcher.stopped()).isFalse();
  }

  @Test
  void endsAtTheFirstCompleteStopStringAndCutsTheLongestOfThese() {
    StopMatcher matcher = new StopMatcher(List.of("bcd", "abcde", "xabc", "bc"));
    assertThat(matcher.push("1xabcde")).isEqualTo("1");
    assertThat(matcher.matched()).isEqualTo("xabc");
  }

  @Test
  void neverSplitsASurrogatePair() {
    StopMatcher matcher = new StopMatcher(List.of("\uD83D\uDE00!"));
    assertThat(matcher.push("a\uD83D\uDE01")).isEqualTo("a\uD83D\uDE01");
    assertThat(matcher.push("\uD83D\uDE00")).isEmpty();
    assertThat(matcher.push("?")).isEqualTo("\uD83D\uDE00?");
    assertThatThrownBy(() -> new StopMatcher(List.of("\uDE00")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("surrogate");
  }

  @Test
  void refusesAnEmptyStopString() {
    assertThatThrownBy(() -> new StopMatcher(List.of("a", "")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("empty");
  }

  @Property(tries = 2000)
  void agreesWithASearchOfTheWholeTextHoweverItIsSplit(
      @ForAll @StringLength(max = 40) @CharRange(from = 'a', to = 'b') String text,
      @ForAll @Size(max = 4)
          List<@StringLength(min = 1, max = 5) @CharRange(from = 'a', to = 'b') String> stops,
      @ForAll long seed) {
    String expected = text;
    boolean stopped = false;
    search:
    for (int end = 1; end <= text.length(); end++) {
      for (int start = 0; start < end; start++) {
        if (stops.contains(text.substring(start, end))) {
          expected = text.substring(0, start);
          stopped = true;
          break search;
        }
      }
    }
    StopMatcher matcher = new StopMatcher(stops);
    StringBuilder out = new StringBuilder();
    Random random = new Random(seed);
    for (int i = 0; i < text.length(); ) {
      int end = Math.min(text.length(), i + random.nextInt(4));
      out.append(matcher.push(text.substring(i, end)));
      assertThat(expected).startsWith(out);
      i = end;
    }
    out.append(matcher.finish());
    assertThat(out).hasToString(expected);
    assertThat(matcher.stopped()).isEqualTo(stopped);
  }
}
