package dev.qwenmcp.server.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What was measured on.
 *
 * @param cpu its name, as the system says
 * @param cores that this process may use
 * @param memoryBytes of the machine
 * @param system name and architecture
 * @param java version of the virtual machine
 */
public record Machine(String cpu, int cores, long memoryBytes, String system, String java) {

  /** This one. */
  public static Machine here() {
    long memory =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 0;
    return new Machine(
        cpuName(),
        Runtime.getRuntime().availableProcessors(),
        memory,
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        Runtime.version().toString());
  }

  private static String cpuName() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unnamed CPU");
    } catch (IOException _) { // not Linux
      return "unnamed CPU";
    }
  }

  /** One line for people. */
  public String line() {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %.0f GiB, %s, Java %s",
        cpu,
        cores,
        memoryBytes / (double) (1L << 30),
        system,
        java);
  }
}
