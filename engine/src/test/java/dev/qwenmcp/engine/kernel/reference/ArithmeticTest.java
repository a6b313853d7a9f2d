package dev.qwenmcp.engine.kernel.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArithmeticTest {

  /** Every 61st float whose exponential is a normal number: 35 million of them. */
  @Test
  void exponentialIsWithinTwoUlp() {
    double worst = 0;
    for (float limit : new float[] {-87f, 88.02969f}) {
      int sign = Float.floatToRawIntBits(limit) & 0x80000000;
      int largest = Float.floatToRawIntBits(Math.abs(limit));
      for (int magnitude = 0; magnitude <= largest; magnitude += 61) {
        worst = Math.max(worst, ulps(Float.intBitsToFloat(sign | magnitude)));
      }
      worst = Math.max(worst, ulps(limit));
    }
    assertThat(worst).isLessThan(2);
  }

  private static double ulps(float x) {
    double exact = Math.exp(x);
    return Math.abs(Arithmetic.exp(x) - exact) / Math.ulp((float) exact);
  }

  @Test
  void exponentialIsZeroBelowItsRangeAndLargeAboveIt() {
    assertThat(Arithmetic.exp(Math.nextDown(-87f))).isZero();
    assertThat(Arithmetic.exp(Float.NEGATIVE_INFINITY)).isZero();
    assertThat(Arithmetic.exp(-87f)).isGreaterThan(Float.MIN_NORMAL);
    assertThat(Arithmetic.exp(0)).isEqualTo(1);
    assertThat(Arithmetic.exp(1e30f)).isEqualTo(Arithmetic.exp(88.02969f)).isFinite();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 15, 16, 17, 31, 32, 33, 48, 100, 256, 1000, 2048})
  void canonicalSumKeepsItsOrder(int count) {
    Random random = new Random(count);
    float[] a = new float[count + 5];
    float[] b = new float[count + 3];
    for (int i = 0; i < a.length; i++) {
      a[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < b.length; i++) {
      b[i] = (float) random.nextGaussian();
    }
    float[] acc = new float[16];
    double exact = 0;
    for (int k = 0; k < count; k++) {
      acc[k & 15] = Math.fma(a[5 + k], b[3 + k], acc[k & 15]);
      exact += (double) a[5 + k] * b[3 + k];
    }
    for (int i = 0; i < 8; i++) {
      acc[i] += acc[i + 8];
    }
    for (int i = 0; i < 4; i++) {
      acc[i] += acc[i + 4];
    }
    acc[0] += acc[2];
    acc[1] += acc[3];
    assertThat(Arithmetic.sum16(a, 5, b, 3, count))
        .isEqualTo(acc[0] + acc[1])
        .isCloseTo((float) exact, within(1e-5f * count));
  }

  @Test
  void elevenBitsAreFloat16sPrecisionWithFloat32sRange() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      float x = (float) Math.exp(random.nextDouble(-9, 11)); // normal in float16
      assertThat(Arithmetic.round11(x)).isEqualTo(Float.float16ToFloat(Float.floatToFloat16(x)));
      assertThat(Arithmetic.round11(x * 0x1p-60f)).isEqualTo(Arithmetic.round11(x) * 0x1p-60f);
    }
    assertThat(Arithmetic.round11(0)).isZero();
    assertThat(Arithmetic.round11(-2051)).isEqualTo(-2052);
    assertThat(Arithmetic.round11(2049)).isEqualTo(2048);
    assertThat(Arithmetic.round11(2051)).isEqualTo(2052);
  }

  @Test
  void siluFollowsItsDefinition() {
    for (float g = -100; g < 100; g += 0.37f) {
      assertThat((double) Arithmetic.silu(g))
          .isCloseTo(g / (1 + Math.exp(-g)), within(1e-6 * Math.abs(g)));
    }
  }

  @Test
  void normGivesUnitMeanSquareTimesWeight() {
    float[] x = {9, 3, -4, 12, 9};
    Arithmetic.rmsNorm(x, 1, 3, new float[] {1, 2, 3}, 0);
    float rms = (float) Math.sqrt((9 + 16 + 144) / 3.0);
    assertThat(x)
        .containsExactly(
            new float[] {9, 3 / rms, -8 / rms, 36 / rms, 9},
            org.assertj.core.data.Offset.offset(1e-6f));
    float[] zero = new float[4];
    Arithmetic.rmsNorm(zero, 0, 4, new float[] {1, 1, 1, 1}, 1e-6f);
    assertThat(zero).containsOnly(0);
  }
}
