package dev.qwenmcp.server.settings;

import java.nio.file.Path;

/** Says what is wrong with a settings file, and what was expected there. */
public final class SettingsException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Path file;

  /**
   * @param file of the settings
   * @param problem goes on after the file's name
   */
  public SettingsException(Path file, String problem) {
    super(file + ": " + problem);
    this.file = file;
  }

  /** The file that is to be mended. */
  public Path file() {
    return file;
  }
}
