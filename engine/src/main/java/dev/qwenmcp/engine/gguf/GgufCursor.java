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

  /**
   * What a field belongs to; put into words only for a message.
   *
   * @param kind such as {@code tensor}
   * @param name its name, its number where the name is not known yet, null for the only one of its
   *     kind
   */
  record Subject(String kind, Object name) {
    @Override
    public String toString() {
      return switch (name) {
        case null -> kind;
        case String text -> kind + " " + Text.quote(text);
        default -> kind + " " + name;
      };
    }

    /** For a field of this subject. */
    String of(String field) {
      return field + " of " + this;
    }
  }

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

  int int32(String field, Subject subject) throws GgufFormatException {
    need(4, field, subject);
    int value = bytes.get(INT, position);
    position += 4;
    return value;
  }

  /** An unsigned 64-bit number; those beyond 2^63 - 1 can only be damage. */
  long size(String field, Subject subject) throws GgufFormatException {
    need(8, field, subject);
    long value = bytes.get(LONG, position);
    if (value < 0) {
      throw wrong(position, subject.of(field) + " below 2^63", Long.toUnsignedString(value));
    }
    position += 8;
    return value;
  }

  /** A count of things that take at least {@code leastBytes} each in the rest of the file. */
  long count(String field, Subject subject, long leastBytes) throws GgufFormatException {
    long at = position;
    long count = size(field, subject);
    long most = remaining() / leastBytes;
    if (count > most) {
      throw wrong(
          at,
          subject.of(field) + " of at most " + most + ", which the rest of the file can hold",
          Long.toString(count));
    }
    return count;
  }

  /** The name of the subject: valid UTF-8 of 1 to {@code mostBytes} bytes. */
  String name(Subject subject, int mostBytes) throws GgufFormatException {
    long at = position;
    long length = count("name length", subject, 1);
    if (length < 1 || length > mostBytes) {
      throw wrong(at, subject.of("name") + " of 1 to " + mostBytes + " bytes", length + " bytes");
    }
    String name = Utf8.strict(bytes, position, (int) length);
    if (name == null) {
      String shown = Text.quote(Utf8.lenient(bytes, position, (int) length));
      throw wrong(position, subject.of("name") + " in UTF-8", shown);
    }
    position += length;
    return name;
  }

  /** The type of the subject's value, or of the elements of that. */
  GgufValueType valueType(Subject subject) throws GgufFormatException {
    long at = position;
    int id = int32("value type", subject);
    return GgufValueType.byId(id)
        .orElseThrow(() ->
            wrong(at, subject.of("value type") + " from 0 to 12", Integer.toUnsignedString(id)));
  }

  /** Checks a value from end to end without decoding it, and steps behind it. */
  GgufValue value(GgufValueType type, Subject subject) throws GgufFormatException {
    long start = position;
    skip(type, subject, 0);
    return new GgufValue(bytes, type, start, position);
  }

  private void skip(GgufValueType type, Subject subject, int depth) throws GgufFormatException {
    switch (type) {
      case STRING -> {
        long at = position;
        long length = count("text length", subject, 1);
        if (length > MOST_ELEMENTS) {
          throw wrong(at, subject.of("text") + " of at most 1 GiB", length + " bytes");
        }
        position += length;
      }
      case ARRAY -> skipArray(subject, depth);
      case BOOL -> {
        need(1, "value", subject);
        byte value = bytes.get(ValueLayout.JAVA_BYTE, position);
        if (value != 0 && value != 1) {
          throw wrong(
              position, subject.of("value") + " to be 0 or 1", Integer.toString(value & 0xff));
        }
        position++;
      }
      default -> {
        need(type.leastBytes(), "value", subject);
        position += type.leastBytes();
      }
    }
  }

  private void skipArray(Subject subject, int depth) throws GgufFormatException {
    if (depth == DEEPEST_ARRAY) {
      throw wrong(
          position, subject.of("arrays") + " nested at most " + DEEPEST_ARRAY + " deep", "deeper");
    }
    GgufValueType element = valueType(subject);
    long at = position;
    long count = count("number of elements", subject, element.leastBytes());
    if (count > MOST_ELEMENTS) {
      throw wrong(at, subject.of("at most 2^30 elements"), Long.toString(count));
    }
    if (element.fixedSize() && element != GgufValueType.BOOL) {
      position += count * element.leastBytes();
    } else {
      for (long i = 0; i < count; i++) {
        skip(element, subject, depth + 1);
      }
    }
  }

  GgufFormatException wrong(long at, String expected, String found) {
    return new GgufFormatException(file, at, expected, found);
  }

  private void need(int count, String field, Subject subject) throws GgufFormatException {
    if (remaining() < count) {
      throw wrong(
          position,
          count + " bytes for " + subject.of(field),
          "the end of the file after " + remaining() + "; it may be an incomplete download");
    }
  }
}
