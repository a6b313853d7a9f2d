package dev.qwenmcp.engine.kernel;

import dev.qwenmcp.engine.EngineOptions.KernelChoice;
import dev.qwenmcp.engine.kernel.ffm.NativeLibraryException;

/** Picks the kernels that an engine computes with. */
public final class KernelSelection {
  private static final System.Logger LOG = System.getLogger(KernelSelection.class.getName());

  private KernelSelection() {}

  /**
   * Opens kernels.
   *
   * @param choice which implementation; with {@link KernelChoice#AUTO} a warning says why the
   *     native ones cannot be used, where that is so
   * @param threads compute threads, 0 for one a core
   * @throws NativeLibraryException if native ones were asked for and cannot be used here
   */
  public static Kernels open(KernelChoice choice, int threads) {
    int cores = Math.min(Runtime.getRuntime().availableProcessors(), NativeKernels.MAX_THREADS);
    int count = threads == 0 ? cores : threads;
    return switch (choice) {
      case NATIVE -> NativeKernels.open(count);
      case JAVA -> ReferenceKernels.quantised(count);
      case AUTO -> {
        try {
          yield NativeKernels.open(count);
        } catch (NativeLibraryException e) {
          LOG.log(
              System.Logger.Level.WARNING,
              "Computing with the Java kernels, many times slower than the native ones: {0}",
              e.getMessage());
          yield ReferenceKernels.quantised(count);
        }
      }
    };
  }
}
