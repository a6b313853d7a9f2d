package dev.qwenmcp.engine.kernel.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
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
    RoundedActivations rounded = RoundedActivations.by32(x);
    for (int i = 0; i < x.length; i++) {
      float step = rounded.d()[i / 32];
      assertThat(Math.abs(rounded.q()[i])).isLessThanOrEqualTo(127);
      // Half a step, and what the step itself is rounded by: 2^-12 of it, times q.
      assertThat(Math.abs((double) step * rounded.q()[i] - x[i])).isLessThan(0.535 * step);
    }
    float amax = 0;
    int sum = 0;
    for (int i = 32; i < 64; i++) {
      amax = Math.max(amax, Math.abs(x[i]));
      sum += rounded.q()[i];
    }
    assertThat(rounded.d()[1]).isEqualTo(Arithmetic.round11(amax / 127));
    assertThat(rounded.s()[1]).isEqualTo(Arithmetic.round11(amax / 127 * sum));
  }

  @Test
  void superBlocksShareOneScale() {
    Random random = new Random(6);
    float[] x = new float[768];
    for (int i = 0; i < 512; i++) {
      x[i] = (float) random.nextGaussian();
    }
    RoundedActivations rounded = RoundedActivations.by256(x);
    for (int from = 0; from < 512; from += 256) {
      float amax = 0;
      for (int i = from; i < from + 256; i++) {
        amax = Math.max(amax, Math.abs(x[i]));
        assertThat((double) rounded.d()[i / 32] * rounded.q()[i])
            .isCloseTo(x[i], within(0.5001 * rounded.d()[i / 32]));
      }
      for (int b = from / 32; b < from / 32 + 8; b++) {
        assertThat(rounded.d()[b]).isEqualTo(1 / (127 / amax));
        assertThat(rounded.s()[b]).isEqualTo(Arrays.stream(rounded.q(), 32 * b, 32 * b + 32).sum());
      }
    }
    assertThat(rounded.d()[16]).isZero();
  }

  @Test
  void halvesGoToTheEvenNeighbour() {
    float[] x = new float[32];
    x[0] = 127;
    x[1] = 2.5f;
    x[2] = -3.5f;
    x[3] = 0.5f;
    assertThat(RoundedActivations.by32(x).q()).startsWith(127, 2, -4, 0);
  }

  @Test
  void blocksTooSmallForAnInverseCountAsZero() {
    float[] x = new float[64];
    x[5] = Float.MIN_VALUE;
    x[40] = 0x1p-101f;
    assertThat(RoundedActivations.by32(x).q()).containsOnly(0);
    x[40] = 0x1p-100f;
    assertThat(RoundedActivations.by32(x).q()[40]).isEqualTo(127);
  }
}
