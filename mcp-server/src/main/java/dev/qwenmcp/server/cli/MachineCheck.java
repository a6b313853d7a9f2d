package dev.qwenmcp.server.cli;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

/** Cores and memory. */
final class MachineCheck implements HealthCheck {
  @Override
  public List<Finding> findings() {
    String system =
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch")
            + ", "
            + Runtime.getRuntime().availableProcessors()
            + " cores";
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean memory) {
      system +=
          ", "
              + gibibytes(memory.getTotalMemorySize())
              + " of memory, "
              + gibibytes(memory.getFreeMemorySize())
              + " unused";
    }
    return List.of(Finding.good("machine", system));
  }

  private static String gibibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }
}
