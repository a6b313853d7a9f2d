package dev.qwenmcp.server.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks at bytes eight at a time, the first in the lowest bits. A set high bit in a result stands
 * for a byte with the property; the lowest one is exact, bits above it may be set without reason
 * (Mycroft 1987, "which byte of x is zero").
 */
final class EightBytes {
  /** The high bit of each byte. */
  static final long HIGHS = 0x8080808080808080L;

  private static final long ONES = 0x0101010101010101L;
  private static final int BLANK = 0x20;

  /** Swaps 0x20 and 0x22, a quotation mark, among others; what is below 0x20 stays there. */
  private static final int QUOTE_TO_BLANK = BLANK ^ '"';

  private static final VarHandle VIEW =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private EightBytes() {}

  static long at(byte[] bytes, int index) {
    return (long) VIEW.get(bytes, index);
  }

  /** Bytes that are zero. */
  static long zeros(long eight) {
    return eight - ONES & ~eight & HIGHS;
  }

  /** Bytes that are {@code b}, an ASCII character. */
  static long equal(long eight, int b) {
    return zeros(eight ^ b * ONES);
  }

  /** Where the next byte {@code b}, an ASCII character, is; {@code to} if there is none. */
  static int indexOf(int b, byte[] bytes, int from, int to) {
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      long found = equal(at(bytes, at), b);
      if (found != 0) {
        return at + first(found);
      }
    }
    while (at < to && bytes[at] != b) {
      at++;
    }
    return at;
  }

  /**
   * Where the content of a JSON string ends: at the first quotation mark, backslash or byte below a
   * blank.
   */
  static int endOfPlain(byte[] bytes, int from, int to) {
    int at = from;
    while (at + 4 * Long.BYTES <= to
        && (ends(at(bytes, at))
                | ends(at(bytes, at + 8))
                | ends(at(bytes, at + 16))
                | ends(at(bytes, at + 24)))
            == 0) {
      at += 4 * Long.BYTES; // most of a text: one branch for 32 bytes
    }
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      long ends = ends(at(bytes, at));
      if (ends != 0) {
        return at + first(ends);
      }
    }
    while (at < to && isPlain(bytes[at])) {
      at++;
    }
    return at;
  }

  private static boolean isPlain(byte b) {
    return b != '"' && b != '\\' && (b < 0 || b >= BLANK);
  }

  /**
   * Quotation marks, backslashes and bytes below a blank. Of a byte b without its high bit, b - n
   * has it where b is less than n; so one subtraction finds what is below a blank and, made one,
   * the quotation mark, and another what is equal to a backslash.
   */
  private static long ends(long eight) {
    long belowOrQuote = (eight ^ QUOTE_TO_BLANK * ONES) - (BLANK + 1) * ONES;
    long backslash = (eight ^ '\\' * ONES) - ONES;
    return (belowOrQuote | backslash) & ~eight & HIGHS;
  }

  /** Which of eight bytes is the first that a result stands for. */
  private static int first(long result) {
    return Long.numberOfTrailingZeros(result) / Byte.SIZE;
  }
}
