package dev.qwenmcp.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class RotaryTableTest {
  private static final int HEAD = 128;

  @Test
  void plainAnglesFollowTheDefinition() {
    float[][] row = row(new RopeScaling.None(), 1000);
    for (int i = 0; i < HEAD / 2; i++) {
      double angle = 1000 * Math.pow(1e6, -2.0 * i / HEAD);
      assertThat(row[0][i]).isCloseTo((float) Math.cos(angle), within(1e-6f));
      assertThat(row[1][i]).isCloseTo((float) Math.sin(angle), within(1e-6f));
    }
  }

  @Test
  void linearScalingDividesPositions() {
    assertThat(row(new RopeScaling.Linear(4), 4000)[1])
        .containsExactly(row(new RopeScaling.None(), 1000)[1], within(1e-6f));
  }

  @Test
  void yarnKeepsHighFrequenciesAndInterpolatesLowOnes() {
    RopeScaling yarn = new RopeScaling.Yarn(4, 32768, 1, 1, 32, 1);
    float[][] row = row(yarn, 77);
    double magnitude = 1 + 0.1 * Math.log(4);
    assertThat(row[0][0]).isCloseTo((float) (Math.cos(77) * magnitude), within(1e-5f));
    double lowest = 77 * Math.pow(1e6, -126.0 / HEAD) / 4;
    assertThat(row[1][63]).isCloseTo((float) (Math.sin(lowest) * magnitude), within(1e-6f));
  }

  private static float[][] row(RopeScaling scaling, int position) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cos = arena.allocate(ValueLayout.JAVA_FLOAT, HEAD / 2);
      MemorySegment sin = arena.allocate(ValueLayout.JAVA_FLOAT, HEAD / 2);
      new RotaryTable(HEAD, 1e6, scaling).fill(new int[] {position}, cos, sin);
      return new float[][] {
        cos.toArray(ValueLayout.JAVA_FLOAT), sin.toArray(ValueLayout.JAVA_FLOAT)
      };
    }
  }
}
