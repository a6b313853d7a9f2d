package dev.qwenmcp.engine;

import java.lang.management.ManagementFactory;

/** How much memory keys and values may take when nobody says otherwise. */
final class KvBudget {
  private KvBudget() {}

  /**
   * Half of the memory that is free now: the rest is for the weights' page cache, which the system
   * gives up first, and for the user's other programs.
   */
  static long bytes() {
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      return Math.max(system.getFreeMemorySize(), system.getTotalMemorySize() / 4) / 2;
    }
    return Runtime.getRuntime().maxMemory();
  }
}
