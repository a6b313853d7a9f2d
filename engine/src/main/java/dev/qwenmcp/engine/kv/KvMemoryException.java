package dev.qwenmcp.engine.kv;

/** No memory is left for keys and values. */
public final class KvMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long bytes;

  KvMemoryException(long bytes) {
    super(
        "the "
            + (bytes >> 20)
            + " MiB for keys and values are in use; end other calls, use shorter texts, or store"
            + " keys and values as Q8_0");
    this.bytes = bytes;
  }

  /** Bytes in use when the request was refused. */
  public long bytes() {
    return bytes;
  }
}
