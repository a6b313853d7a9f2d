package dev.qwenmcp.server.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Where a user's settings are, by the conventions of the operating system. */
final class ConfigFolder {
  private static final String NAME = "qwen-mcp";

  private ConfigFolder() {}

  /**
   * The folder; it need not exist.
   *
   * @param system name of the operating system
   * @param environment variables of the process
   * @param home the user's home
   */
  static Path standard(String system, Map<String, String> environment, Path home) {
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("mac")) {
      return home.resolve("Library").resolve("Application Support").resolve(NAME);
    }
    if (name.startsWith("windows")) {
      String chosen = environment.getOrDefault("APPDATA", "");
      return (chosen.isEmpty() ? home.resolve("AppData").resolve("Roaming") : Path.of(chosen))
          .resolve(NAME);
    }
    String chosen = environment.getOrDefault("XDG_CONFIG_HOME", "");
    boolean usable = !chosen.isEmpty() && Path.of(chosen).isAbsolute();
    return (usable ? Path.of(chosen) : home.resolve(".config")).resolve(NAME);
  }
}
