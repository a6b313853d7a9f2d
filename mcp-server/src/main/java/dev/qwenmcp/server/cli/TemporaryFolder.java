package dev.qwenmcp.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A folder that goes with everything in it.
 *
 * @param path where it is
 */
record TemporaryFolder(Path path) implements AutoCloseable {

  /**
   * Makes one.
   *
   * @param parent where; null for the system's place
   */
  static TemporaryFolder in(Path parent) throws IOException {
    return new TemporaryFolder(
        parent == null
            ? Files.createTempDirectory("qwen-mcp-bench")
            : Files.createTempDirectory(parent, "qwen-mcp-bench"));
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
