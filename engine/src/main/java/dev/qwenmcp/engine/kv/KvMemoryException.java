package dev.qwenmcp.engine.kv;

import java.util.Locale;

/** No memory is left for keys and values. */
public final class KvMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long bytes;

  private KvMemoryException(String message, long bytes) {
    super(message);
    this.bytes = bytes;
  }

  /**
   * Refuses what does not fit even when nothing else computes.
   *
   * @param needed bytes, at most, for a sequence from its first to its last token
   * @param held bytes that are kept for others, such as pinned prefixes
   * @param budget bytes for all
   */
  public static KvMemoryException tooLarge(long needed, long held, long budget) {
    String others = held == 0 ? "" : ", of which " + mib(held) + " are held for others";
    return new KvMemoryException(
        "this needs up to %s for keys and values, and there are %s%s; use shorter texts, ask for fewer tokens, raise the limit of keys and values, or keep them as Q8_0"
            .formatted(mib(needed), mib(budget), others),
        held);
  }

  private static String mib(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
  }

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
