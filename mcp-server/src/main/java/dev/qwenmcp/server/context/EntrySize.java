package dev.qwenmcp.server.context;

import java.nio.charset.StandardCharsets;

/** The bytes that an entry counts for, the same in every store. */
public final class EntrySize {
  private EntrySize() {}

  /** Bytes of text and structured content, and four for each token id. */
  public static long of(EntryDraft draft) {
    return utf8(draft.text())
        + utf8(draft.structuredJson())
        + (long) Integer.BYTES * draft.tokens().size();
  }

  /** Length in UTF-8; half a surrogate pair counts one byte, as it is written. */
  public static long utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length; // as fast as copying
  }
}
