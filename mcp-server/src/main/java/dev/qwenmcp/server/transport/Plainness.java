package dev.qwenmcp.server.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds out whether bytes are {@link Utf8#plain}, part by part as they come. */
final class Plainness {
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
