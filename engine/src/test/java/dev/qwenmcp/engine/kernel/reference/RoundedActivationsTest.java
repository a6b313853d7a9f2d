package dev.qwenmcp.engine.kernel.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundedActivationsTest {

  @Test
  void everyElementIsWithinHalfAStep() {
    Random random = new Random(5);
    float[] x = new float[320];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (random.nextGaussian() * Math.exp(random.nextGaussian() * 4));
    }
    RoundedActivations rounded = RoundedActivations.of(x);
    for (int i = 0; i < x.length; i++) {
      float step = rounded.d()[i / 32];
      assertThat(Math.abs(rounded.q()[i])).isLessThanOrEqualTo(127);
      // Half a step, and what the step itself is rounded by: 2^-12 of it, times q.
      assertThat(Math.abs((double) step * rounded.q()[i] - x[i])).isLessThan(0.535 * step);
    }
    int sum = 0;
    for (int i = 32; i < 64; i++) {
      sum += rounded.q()[i];
    }
    assertThat(rounded.s()[1]).isEqualTo(rounded.d()[1] * sum);
  }

  @Test
  void halvesGoToTheEvenNeighbour() {
    float[] x = new float[32];
    x[0] = 127;
    x[1] = 2.5f;
    x[2] = -3.5f;
    x[3] = 0.5f;
    assertThat(RoundedActivations.of(x).q()).startsWith(127, 2, -4, 0);
  }

  @Test
  void blocksTooSmallForAnInverseCountAsZero() {
    float[] x = new float[64];
    x[5] = Float.MIN_VALUE;
    x[40] = 0x1p-101f;
    assertThat(RoundedActivations.of(x).q()).containsOnly(0);
    x[40] = 0x1p-100f;
    assertThat(RoundedActivations.of(x).q()[40]).isEqualTo(127);
  }
}
