package dev.qwenmcp.engine.kernel;

/**
 * The kernels in plain Java: the oracle of the native ones, and what computes where no native
 * library can be built.
 *
 * <p>Two forms: {@link #quantised} follows {@code docs/kernels.md} operation by operation and gives
 * the same bits as the native kernels; {@link #exact} is the forward pass over the dequantised
 * weights, against which the error of the quantised form is measured.
 */
public final class ReferenceKernels implements Kernels {

  private ReferenceKernels() {}

  /**
   * The arithmetic of {@code docs/kernels.md}; results do not depend on {@code threads}.
   *
   * @param threads threads that share an operation, the caller's among them, at least 1
   */
  public static ReferenceKernels quantised(int threads) {
    throw new UnsupportedOperationException();
  }

  /**
   * Weights dequantised to float32, activations not rounded, sums in double. Slow: for measuring
   * errors.
   */
  public static ReferenceKernels exact() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String description() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void embed(Embed op) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void project(Project op) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void appendKv(AppendKv op) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void attend(Attend op) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void feedForward(FeedForward op) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void mixture(Mixture op) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
