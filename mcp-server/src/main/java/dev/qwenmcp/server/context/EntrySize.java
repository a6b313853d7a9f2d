package dev.qwenmcp.server.context;

/** The bytes that an entry counts for, the same in every store. */
public final class EntrySize {
  private EntrySize() {}

  /** Bytes of text and structured content, and four for each token id. */
  public static long of(EntryDraft draft) {
    return utf8(draft.text())
        + utf8(draft.structuredJson())
        + (long) Integer.BYTES * draft.tokens().size();
  }

  /** Length in UTF-8 without encoding; half a surrogate pair counts one byte, as it is written. */
  public static long utf8(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes++;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (!Character.isSurrogate(c)) {
        bytes += 3;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else {
        bytes++;
      }
    }
    return bytes;
  }
}
