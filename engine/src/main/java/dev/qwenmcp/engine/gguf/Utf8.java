package dev.qwenmcp.engine.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text in files, which says it is UTF-8 but need not be. */
final class Utf8 {
  private static final char REPLACEMENT = '\uFFFD';

  private Utf8() {}

  /** The text, or null where the bytes are no valid UTF-8. */
  static String strict(MemorySegment bytes, long offset, int length) {
    byte[] raw = raw(bytes, offset, length);
    String text = new String(raw, StandardCharsets.UTF_8);
    // Decoding never fails: it leaves U+FFFD, which is also a character that text may contain.
    boolean suspect = text.indexOf(REPLACEMENT) >= 0;
    return suspect && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), raw) ? null : text;
  }

  /** The text with U+FFFD in place of what is no valid UTF-8. */
  static String lenient(MemorySegment bytes, long offset, int length) {
    return new String(raw(bytes, offset, length), StandardCharsets.UTF_8);
  }

  static byte[] raw(MemorySegment bytes, long offset, int length) {
    byte[] raw = new byte[length];
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset, raw, 0, length);
    return raw;
  }
}
