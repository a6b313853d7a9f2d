package dev.qwenmcp.engine.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Reads a header from front to back; every length and count is held against the bytes that are left
 * before it is used.
 */
final class GgufCursor {
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** As in llama.cpp, which reads no longer string and no larger array. */
  static final long MOST_ELEMENTS = 1L << 30;

  /** Arrays may hold arrays; a file that nests deeper is taken for damaged. */
  private static final int DEEPEST_ARRAY = 4;

  private final String file;
  private final MemorySegment bytes;
  private long position;

  GgufCursor(String file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  long position() {
    return position;
  }

  long remaining() {
    return bytes.byteSize() - position;
  }

  int int32(String what) throws GgufFormatException {
    need(4, what);
    int value = bytes.get(INT, position);
    position += 4;
    return value;
  }

  /** An unsigned 64-bit number; those beyond 2^63 - 1 can only be damage. */
  long size(String what) throws GgufFormatException {
    need(8, what);
    long value = bytes.get(LONG, position);
    if (value < 0) {
      throw wrong(position, what + " below 2^63", Long.toUnsignedString(value));
    }
    position += 8;
    return value;
  }

  /** A count of things that take at least {@code leastBytes} each in the rest of the file. */
  long count(String what, long leastBytes) throws GgufFormatException {
    long at = position;
    long count = size(what);
    if (count > remaining() / leastBytes) {
      throw wrong(
          at,
          what
              + " of at most "
              + remaining() / leastBytes
              + ", which the rest of the file can hold",
          Long.toString(count));
    }
    return count;
  }

  /** A name: valid UTF-8 of 1 to {@code mostBytes} bytes. */
  String name(String what, int mostBytes) throws GgufFormatException {
    long at = position;
    long length = count("length of " + what, 1);
    if (length < 1 || length > mostBytes) {
      throw wrong(at, what + " of 1 to " + mostBytes + " bytes", length + " bytes");
    }
    String name = Utf8.strict(bytes, position, (int) length);
    if (name == null) {
      throw wrong(
          position, what + " in UTF-8", Text.quote(Utf8.lenient(bytes, position, (int) length)));
    }
    position += length;
    return name;
  }

  /** The type of the value of {@code what}. */
  GgufValueType valueType(String what) throws GgufFormatException {
    long at = position;
    int id = int32("value type of " + what);
    return GgufValueType.byId(id)
        .orElseThrow(
            () -> wrong(at, "a value type (0 to 12) of " + what, Integer.toUnsignedString(id)));
  }

  /** Checks a value from end to end without decoding it, and steps behind it. */
  GgufValue value(GgufValueType type, String what) throws GgufFormatException {
    long start = position;
    skip(type, what, 0);
    return new GgufValue(bytes, type, start, position);
  }

  private void skip(GgufValueType type, String what, int depth) throws GgufFormatException {
    switch (type) {
      case STRING -> {
        long at = position;
        long length = count("length of " + what, 1);
        if (length > MOST_ELEMENTS) {
          throw wrong(at, what + " of at most 1 GiB", length + " bytes");
        }
        position += length;
      }
      case ARRAY -> {
        if (depth == DEEPEST_ARRAY) {
          throw wrong(position, what + " nested at most " + DEEPEST_ARRAY + " deep", "deeper");
        }
        GgufValueType element = valueType("elements of " + what);
        long at = position;
        long count = count("number of elements of " + what, element.leastBytes());
        if (count > MOST_ELEMENTS) {
          throw wrong(at, "at most 2^30 elements of " + what, Long.toString(count));
        }
        if (element.fixedSize() && element != GgufValueType.BOOL) {
          position += count * element.leastBytes();
        } else {
          for (long i = 0; i < count; i++) {
            skip(element, what, depth + 1);
          }
        }
      }
      case BOOL -> {
        need(1, what);
        byte value = bytes.get(ValueLayout.JAVA_BYTE, position);
        if (value != 0 && value != 1) {
          throw wrong(position, "0 or 1 for " + what, Integer.toString(value & 0xff));
        }
        position++;
      }
      default -> {
        need(type.leastBytes(), what);
        position += type.leastBytes();
      }
    }
  }

  GgufFormatException wrong(long at, String expected, String found) {
    return new GgufFormatException(file, at, expected, found);
  }

  private void need(int count, String what) throws GgufFormatException {
    if (remaining() < count) {
      throw wrong(
          position,
          count + " bytes of " + what,
          "the end of the file after " + remaining() + "; it may be an incomplete download");
    }
  }
}
