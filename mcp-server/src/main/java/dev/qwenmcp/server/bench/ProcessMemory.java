package dev.qwenmcp.server.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What the system says of a process's memory. */
public final class ProcessMemory {
  private ProcessMemory() {}

  /**
   * Bytes in physical memory, mapped files included.
   *
   * @param pid of a process of the same user
   * @return nothing if there is none, or where the system has no {@code /proc}
   */
  public static OptionalLong residentBytes(long pid) {
    return bytes(pid, "VmRSS:");
  }

  /**
   * Bytes in physical memory that belong to no file.
   *
   * @param pid of a process of the same user
   * @return nothing if there is none, or where the system has no {@code /proc}
   */
  public static OptionalLong anonymousBytes(long pid) {
    return bytes(pid, "RssAnon:");
  }

  private static OptionalLong bytes(long pid, String field) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst();
    } catch (IOException _) {
      return OptionalLong.empty();
    }
  }
}
