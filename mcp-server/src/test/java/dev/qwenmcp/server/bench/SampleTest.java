package dev.qwenmcp.server.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SampleTest {
  @Test
  void theMedianIsTheMiddleWhateverTheOrder() {
    assertThat(new Sample(List.of(9.0, 1.0, 4.0)).median()).isEqualTo(4);
    assertThat(new Sample(List.of(8.0, 1.0, 4.0, 2.0)).median()).isEqualTo(3);
  }

  @Test
  void theSpreadIsHalfTheRange() {
    assertThat(new Sample(List.of(95.0, 100.0, 115.0)).spread()).isCloseTo(0.1, within(1e-12));
    assertThat(new Sample(List.of(7.0)).spread()).isZero();
  }

  @Test
  void noValueIsNoSample() {
    assertThatThrownBy(() -> new Sample(List.of())).isInstanceOf(IllegalArgumentException.class);
  }
}
