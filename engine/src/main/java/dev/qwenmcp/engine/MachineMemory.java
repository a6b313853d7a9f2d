package dev.qwenmcp.engine;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The memory that this process may use.
 *
 * @param total bytes of the machine, or of the container where that has a limit
 * @param available bytes of it that can be had without taking them from other programs; what files
 *     occupy in the page cache counts as available, for the system gives it up
 */
public record MachineMemory(long total, long available) {

  /** The memory as it is now. */
  public static MachineMemory now() {
    if (!(ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system)) {
      long heap = Runtime.getRuntime().maxMemory();
      return new MachineMemory(heap, heap);
    }
    long total = system.getTotalMemorySize(); // the container's limit, where there is one
    long machine = kibibytes(Path.of("/proc/meminfo"), "MemTotal:");
    long available = kibibytes(Path.of("/proc/meminfo"), "MemAvailable:");
    if (machine < 0 || available < 0) {
      // Elsewhere than on Linux "free" leaves out what the page cache would give up.
      return new MachineMemory(total, Math.max(system.getFreeMemorySize(), total / 2));
    }
    if (total < machine) {
      // What a container's usage counts includes page cache; its own memory is mostly this process.
      long own = Math.max(0, kibibytes(Path.of("/proc/self/status"), "RssAnon:"));
      available = Math.min(available, total - own);
    }
    return new MachineMemory(total, Math.clamp(available, 0, total));
  }

  /** Left to the Java heap and other programs: a sixteenth, at least 256 MiB. */
  public long reserve() {
    return Math.max(256L << 20, total / 16);
  }

  /** A value of {@code /proc} in bytes, -1 if it cannot be read. */
  private static long kibibytes(Path file, String name) {
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith(name)) {
          return Long.parseLong(line.substring(name.length()).replace("kB", "").trim()) << 10;
        }
      }
    } catch (IOException | NumberFormatException _) {
      return -1; // no such file system: the caller asks elsewhere
    }
    return -1;
  }
}
