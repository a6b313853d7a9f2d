package dev.qwenmcp.engine.gguf;

import java.io.IOException;

/** A GGUF file that cannot be what it claims to be; says where, what was expected and found. */
public final class GgufFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final long offset;
  private final String expected;
  private final String found;

  /**
   * @param file path or name of the file
   * @param offset byte position of the offending field, -1 where no single position is at fault
   * @param expected what the format or the engine asks for
   * @param found what the file holds
   */
  public GgufFormatException(String file, long offset, String expected, String found) {
    super(
        file
            + (offset >= 0 ? " at byte " + offset : "")
            + ": expected "
            + expected
            + ", found "
            + found);
    this.file = file;
    this.offset = offset;
    this.expected = expected;
    this.found = found;
  }

  public String file() {
    return file;
  }

  public long offset() {
    return offset;
  }

  public String expected() {
    return expected;
  }

  public String found() {
    return found;
  }
}
