package dev.qwenmcp.server.install;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Where programs keep settings on this machine.
 *
 * @param system name of the operating system
 * @param environment variables of the process
 * @param home the user's home
 * @param project the folder that a project's settings belong to
 */
public record Places(String system, Map<String, String> environment, Path home, Path project) {
  public Places {
    environment = Map.copyOf(environment);
  }

  /** The folder for settings of programs with windows: Application Support, Roaming, .config. */
  Path applications() {
    if (mac()) {
      return home.resolve("Library").resolve("Application Support");
    }
    return windows()
        ? folder("APPDATA", home.resolve("AppData").resolve("Roaming"))
        : folder("XDG_CONFIG_HOME", home.resolve(".config"));
  }

  /** The folder for settings of programs that follow Linux's convention everywhere. */
  Path dotConfig() {
    return folder("XDG_CONFIG_HOME", home.resolve(".config"));
  }

  /** A folder that a variable may name by an absolute path. */
  Path folder(String variable, Path otherwise) {
    String chosen = environment.getOrDefault(variable, "");
    return !chosen.isEmpty() && Path.of(chosen).isAbsolute() ? Path.of(chosen) : otherwise;
  }

  boolean windows() {
    return name().startsWith("windows");
  }

  private boolean mac() {
    return name().startsWith("mac");
  }

  private String name() {
    return system.toLowerCase(Locale.ROOT);
  }
}
