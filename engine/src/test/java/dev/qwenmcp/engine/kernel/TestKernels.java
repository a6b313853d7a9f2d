package dev.qwenmcp.engine.kernel;

import dev.qwenmcp.engine.EngineOptions.KernelChoice;

/** The kernels that tests of models run with; all of them must give the same bits. */
public enum TestKernels {
  JAVA_ONE_THREAD(KernelChoice.JAVA, 1),
  JAVA_TWO_THREADS(KernelChoice.JAVA, 2),
  NATIVE_ONE_THREAD(KernelChoice.NATIVE, 1),
  NATIVE_TWO_THREADS(KernelChoice.NATIVE, 2);

  private final KernelChoice choice;
  private final int threads;

  TestKernels(KernelChoice choice, int threads) {
    this.choice = choice;
    this.threads = threads;
  }

  public boolean isNative() {
    return choice == KernelChoice.NATIVE;
  }

  /** Opens them; skips the test (in CI: fails it) where native ones are not available. */
  public Kernels open() {
    if (choice == KernelChoice.NATIVE) {
      NativeAvailability.require();
    }
    return KernelSelection.open(choice, threads);
  }
}
