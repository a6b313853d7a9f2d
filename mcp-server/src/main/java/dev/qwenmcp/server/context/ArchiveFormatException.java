package dev.qwenmcp.server.context;

/** A file that is no archive of a context, or one that was changed or cut off. */
public final class ArchiveFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int line;

  /**
   * @param line number of the line, from 1
   */
  public ArchiveFormatException(int line, String expected, String found) {
    super("line %d: expected %s, found %s; nothing was imported".formatted(line, expected, found));
    this.line = line;
  }

  public int line() {
    return line;
  }
}
