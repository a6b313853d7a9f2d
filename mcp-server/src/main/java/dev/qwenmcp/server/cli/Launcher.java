package dev.qwenmcp.server.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The script that started this program, as it introduced itself by system properties.
 *
 * @param path the script's absolute path, for configurations of clients
 * @param startCache file of the JVM's start cache, or {@code failed} and why
 */
record Launcher(Path path, String startCache) {

  /** The launcher, if there was one. */
  static Optional<Launcher> current() {
    String path = System.getProperty("qwenmcp.launcher");
    return path == null
        ? Optional.empty()
        : Optional.of(new Launcher(Path.of(path), System.getProperty("qwenmcp.startcache", "")));
  }
}
