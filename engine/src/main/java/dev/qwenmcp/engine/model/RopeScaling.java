package dev.qwenmcp.engine.model;

/** How rotary positions are stretched beyond the trained context. */
public sealed interface RopeScaling {

  /** Positions as trained. */
  record None() implements RopeScaling {}

  /**
   * All frequencies divided by one factor.
   *
   * @param factor above 0
   */
  record Linear(double factor) implements RopeScaling {}

  /**
   * YaRN: low frequencies interpolated, high ones kept, attention sharpened (Peng et al. 2023,
   * arXiv:2309.00071, sections 3.2 to 3.4).
   *
   * @param factor stretch of the context
   * @param originalContext trained positions
   * @param extrapolation weight of the kept high frequencies, 1 for YaRN proper
   * @param attention extra factor of the attention temperature, 1 for YaRN proper
   * @param betaFast rotations above which a frequency is kept
   * @param betaSlow rotations below which a frequency is interpolated
   */
  record Yarn(
      double factor,
      int originalContext,
      double extrapolation,
      double attention,
      double betaFast,
      double betaSlow)
      implements RopeScaling {}
}
