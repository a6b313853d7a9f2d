package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.EngineOptions.KernelChoice;
import dev.qwenmcp.engine.kernel.KernelSelection;
import dev.qwenmcp.engine.kernel.Kernels;
import java.util.List;

/** Whether native kernels load, and for which instruction set. */
final class KernelCheck implements HealthCheck {
  private final EngineOptions options;

  KernelCheck(EngineOptions options) {
    this.options = options;
  }

  @Override
  public List<Finding> findings() {
    if (options.kernels() == KernelChoice.JAVA) {
      return List.of(
          new Finding(Level.POOR, "kernels", "Java, as --kernels asks for", "leave --kernels out"));
    }
    try (Kernels kernels = KernelSelection.open(KernelChoice.NATIVE, options.threads())) {
      return List.of(Finding.good("kernels", kernels.description()));
    } catch (Exception | LinkageError e) {
      return List.of(
          new Finding(
              options.kernels() == KernelChoice.NATIVE ? Level.BROKEN : Level.POOR,
              "kernels",
              "the native ones do not load: " + e.getMessage(),
              "install gcc and build again (mvn -DskipTests package); until then the Java kernels"
                  + " compute, much slower"));
    }
  }
}
