package dev.qwenmcp.server.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Where this program keeps data of a user, by the conventions of the operating system. */
final class DataFolder {
  private static final String NAME = "qwen-mcp";

  private DataFolder() {}

  /**
   * The folder where none is chosen; it need not exist.
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
      return absolute(environment.get("LOCALAPPDATA"), home.resolve("AppData").resolve("Local"))
          .resolve(NAME);
    }
    return absolute(environment.get("XDG_DATA_HOME"), home.resolve(".local").resolve("share"))
        .resolve(NAME);
  }

  /** The convention is to ignore relative paths. */
  private static Path absolute(String chosen, Path otherwise) {
    boolean usable = chosen != null && !chosen.isEmpty() && Path.of(chosen).isAbsolute();
    return usable ? Path.of(chosen) : otherwise;
  }

  static Path standard() {
    return standard(
        System.getProperty("os.name"), System.getenv(), Path.of(System.getProperty("user.home")));
  }
}
