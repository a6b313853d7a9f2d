package dev.qwenmcp.server.transport;

import java.io.OutputStream;
import java.util.Arrays;

/** Bytes of a message that is being written; for one thread. */
final class MessageBuffer extends OutputStream {
  /** Longer arrays some JVMs refuse. */
  private static final int MOST = Integer.MAX_VALUE - 8;

  private byte[] bytes;
  private int size;

  /**
   * @param capacity how many bytes to expect
   */
  MessageBuffer(int capacity) {
    this.bytes = new byte[capacity];
  }

  @Override
  public void write(int b) {
    reserve(1);
    bytes[size++] = (byte) b;
  }

  @Override
  public void write(byte[] source, int from, int length) {
    reserve(length);
    System.arraycopy(source, from, bytes, size, length);
    size += length;
  }

  /** Adds UTF-8 as content of a JSON string. */
  void writeEscaped(byte[] utf8) {
    int at = 0;
    while (true) {
      int end = EightBytes.endOfPlain(utf8, at, utf8.length);
      // Room for the rest without escapes, so that a text with few of them is copied once.
      reserve(utf8.length - at + JsonStrings.UNICODE_ESCAPE);
      System.arraycopy(utf8, at, bytes, size, end - at);
      size += end - at;
      if (end == utf8.length) {
        return;
      }
      size = JsonStrings.escape(utf8[end], bytes, size);
      at = end + 1;
    }
  }

  private void reserve(int more) {
    int needed = Math.addExact(size, more);
    if (needed > bytes.length) {
      // More than asked for, in proportion: each escape asks for a little more than the one before.
      long most = Math.max(2L * bytes.length, needed + needed / 8L);
      bytes = Arrays.copyOf(bytes, (int) Math.min(most, MOST));
    }
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }
}
