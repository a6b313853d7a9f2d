package dev.qwenmcp.server.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Part of an array, which holds a message in UTF-8 or what claims to be one.
 *
 * @param from where it begins
 * @param to where it ends, exclusive
 * @param plain whether all bytes are ASCII and none is zero: then they are UTF-8, and Jackson does
 *     not take them for UTF-16
 */
record Utf8(byte[] bytes, int from, int to, boolean plain) {
  static final Utf8 EMPTY = new Utf8(new byte[0], 0, 0, true);

  static Utf8 of(byte[] whole) {
    Plainness plainness = new Plainness();
    plainness.add(whole, 0, whole.length);
    return new Utf8(whole, 0, whole.length, plainness.plain());
  }

  int length() {
    return to - from;
  }

  /** Finds out whether bytes are plain, part by part as they come. */
  static final class Plainness {
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x80 * ONES;
    private static final VarHandle EIGHT_BYTES =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private long high;

    /** Adds the next part. */
    void add(byte[] bytes, int from, int to) {
      int i = from;
      long seen = high;
      for (; i + Long.BYTES <= to; i += Long.BYTES) {
        long eight = (long) EIGHT_BYTES.get(bytes, i);
        seen |= eight | (eight - ONES & ~eight); // the second: a byte of zeros (Mycroft 1987)
      }
      for (; i < to; i++) {
        seen |= bytes[i] <= 0 ? HIGHS : 0;
      }
      high = seen;
    }

    boolean plain() {
      return (high & HIGHS) == 0;
    }
  }
}
