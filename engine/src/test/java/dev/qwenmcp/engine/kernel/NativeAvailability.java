package dev.qwenmcp.engine.kernel;

import dev.qwenmcp.engine.EngineOptions.KernelChoice;
import org.junit.jupiter.api.Assumptions;

/** Whether tests of the native kernels can run here. */
public final class NativeAvailability {
  private NativeAvailability() {}

  /**
   * Skips the test with a line on standard error (with CI=true: fails it) without native kernels.
   */
  public static void require() {
    String problem = problem();
    if (problem == null) {
      return;
    }
    String message = "*** SKIPPED: native kernels are not tested here: " + problem;
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(message.replace("SKIPPED", "MISSING"));
    }
    System.err.println(message);
    Assumptions.abort(message);
  }

  public static boolean isAvailable() {
    return problem() == null;
  }

  private static String problem() {
    try (Kernels kernels = KernelSelection.open(KernelChoice.NATIVE, 1)) {
      return kernels.description().startsWith("native")
          ? null
          : "asked for native kernels, got " + kernels.description();
    } catch (RuntimeException | LinkageError e) {
      return e.toString();
    }
  }
}
