package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.EngineOptions.KernelChoice;
import dev.qwenmcp.engine.kernel.KernelSelection;
import dev.qwenmcp.engine.kernel.Kernels;
import java.util.List;

/** Whether native kernels load, and for which instruction set. */
final class KernelCheck implements HealthCheck {
  private EngineOptions options;

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
      Level level = options.kernels() == KernelChoice.NATIVE ? Level.BROKEN : Level.POOR;
      options =
          new EngineOptions(
              KernelChoice.JAVA,
              options.threads(),
              options.kvType(),
              options.contextTokens(),
              options.batchTokens());
      return List.of(
          new Finding(
              level,
              "kernels",
              "Java, many times slower than the native ones: " + e.getMessage(),
              "install gcc; the launcher builds the native kernels at its next start"));
    }
  }

  /** The options with the kernels that were found to work. */
  EngineOptions usableOptions() {
    return options;
  }
}
