package dev.qwenmcp.server.context;

import java.nio.charset.StandardCharsets;

/** The bytes that an entry counts for, the same in every store. */
public final class EntrySize {
  /**
   * Encoded at once: the JDK's encoder is the quickest way to count, and copies of this size stay
   * in the processor's cache.
   */
  private static final int PART = 1 << 14;

  private EntrySize() {}

  /** Bytes of text and structured content, and four for each token id. */
  public static long of(EntryDraft draft) {
    return utf8(draft.text())
        + utf8(draft.structuredJson())
        + (long) Integer.BYTES * draft.tokens().size();
  }

  /** Length in UTF-8; half a surrogate pair counts one byte, as it is written. */
  public static long utf8(String text) {
    long bytes = 0;
    int from = 0;
    while (from < text.length()) {
      int to = Math.min(text.length(), from + PART);
      if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
        to++; // a pair stays together
      }
      bytes += text.substring(from, to).getBytes(StandardCharsets.UTF_8).length;
      from = to;
    }
    return bytes;
  }
}
