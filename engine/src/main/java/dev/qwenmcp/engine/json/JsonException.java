package dev.qwenmcp.engine.json;

/** Text that is not JSON. */
public final class JsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int offset;

  JsonException(int offset, String problem) {
    super("not JSON at character " + offset + ": " + problem);
    this.offset = offset;
  }

  /** Index of the offending character. */
  public int offset() {
    return offset;
  }
}
