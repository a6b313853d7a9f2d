package dev.qwenmcp.engine.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Cosines and sines of rotary position embedding (Su et al. 2021, arXiv:2104.09864), half-split.
 *
 * <p>Angles are computed in double precision for each position and rounded once, so that they are
 * the same on every machine and exact at any depth.
 */
final class RotaryTable {
  private final double[] frequencies; // (headDim/2) radians a position
  private final double magnitude;

  RotaryTable(int headDim, double base, RopeScaling scaling) {
    int half = headDim / 2;
    frequencies = new double[half];
    for (int i = 0; i < half; i++) {
      frequencies[i] = StrictMath.pow(base, -2.0 * i / headDim);
    }
    magnitude =
        switch (scaling) {
          case RopeScaling.None _ -> 1;
          case RopeScaling.Linear linear -> {
            interpolate(linear.factor());
            yield 1;
          }
          case RopeScaling.Yarn yarn -> {
            stretch(yarn, headDim, base);
            yield yarn.extrapolation() == 0
                ? yarn.attention()
                : yarn.attention() * (1 + 0.1 * StrictMath.log(yarn.factor()));
          }
        };
  }

  private void interpolate(double factor) {
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] /= factor;
    }
  }

  private void stretch(RopeScaling.Yarn yarn, int headDim, double base) {
    double low = Math.max(0, Math.floor(dimension(yarn, headDim, base, yarn.betaFast())));
    double high = Math.min(headDim - 1, Math.ceil(dimension(yarn, headDim, base, yarn.betaSlow())));
    for (int i = 0; i < frequencies.length; i++) {
      // 1 below low: the frequency turns often enough in the trained context and is kept.
      double ramp = 1 - Math.clamp((i - low) / Math.max(0.001, high - low), 0, 1);
      double kept = ramp * yarn.extrapolation();
      frequencies[i] = frequencies[i] / yarn.factor() * (1 - kept) + frequencies[i] * kept;
    }
  }

  /** The (fractional) pair index that turns {@code rotations} times in the trained context. */
  private static double dimension(
      RopeScaling.Yarn yarn, int headDim, double base, double rotations) {
    return headDim
        * StrictMath.log(yarn.originalContext() / (rotations * 2 * Math.PI))
        / (2 * StrictMath.log(base));
  }

  /**
   * Writes the table rows of the positions.
   *
   * @param positions n positions
   * @param cos output (n, headDim/2)
   * @param sin output (n, headDim/2)
   */
  void fill(int[] positions, MemorySegment cos, MemorySegment sin) {
    int half = frequencies.length;
    for (int t = 0; t < positions.length; t++) {
      for (int i = 0; i < half; i++) {
        double angle = positions[t] * frequencies[i];
        long index = (long) t * half + i;
        cos.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) (StrictMath.cos(angle) * magnitude));
        sin.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) (StrictMath.sin(angle) * magnitude));
      }
    }
  }
}
