package dev.qwenmcp.engine.kernel;

import dev.qwenmcp.engine.EngineOptions.KernelChoice;

/** Picks the kernels that an engine computes with. */
public final class KernelSelection {
  private KernelSelection() {}

  /**
   * Opens kernels.
   *
   * @param choice which implementation
   * @param threads compute threads, 0 for one a core
   */
  public static Kernels open(KernelChoice choice, int threads) {
    int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    return ReferenceKernels.quantised(count);
  }
}
