package dev.qwenmcp.engine.kernel.reference;

/** How products with weights are computed. */
public enum Precision {
  /**
   * The arithmetic of {@code docs/reference/arithmetic.md}: activations rounded to 8 bits where it
   * says so.
   */
  ROUNDED,
  /** Weights dequantised to float32, activations as they are, sums in double. */
  EXACT
}
