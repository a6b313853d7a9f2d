package dev.qwenmcp.server.settings;

import java.nio.file.Path;

/** Says what is wrong with a setting, and what was expected there. */
public final class SettingsException extends Exception {
  private static final long serialVersionUID = 1;

  private final String source;

  /**
   * @param file of the settings
   * @param problem goes on after the file's name
   */
  public SettingsException(Path file, String problem) {
    this(file.toString(), problem);
  }

  /**
   * @param source a file, or a variable of the environment with {@code $}
   * @param problem goes on after its name
   */
  public SettingsException(String source, String problem) {
    super(source + ": " + problem);
    this.source = source;
  }

  /** What is to be mended. */
  public String source() {
    return source;
  }
}
