package dev.qwenmcp.engine.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;

/**
 * Place of one checked metadata value; decoded when it is asked for.
 *
 * @param bytes the whole file
 * @param type the value's type
 * @param start first byte of the value, behind its type
 * @param end byte behind the value
 */
record GgufValue(MemorySegment bytes, GgufValueType type, long start, long end) {

  /** The type of an array's elements. */
  GgufValueType elementType() {
    return GgufValueType.byId(bytes.get(GgufCursor.INT, start)).orElseThrow();
  }

  /** The number of an array's elements, at most 2^30. */
  int count() {
    return (int) bytes.get(GgufCursor.LONG, start + 4);
  }

  /** The first byte of an array's elements. */
  long elements() {
    return start + GgufValueType.ARRAY.leastBytes();
  }

  /** For people: {@code STRING} or {@code ARRAY of 3 FLOAT32}. */
  String describeType() {
    return type == GgufValueType.ARRAY
        ? "ARRAY of " + count() + " " + elementType()
        : type.toString();
  }

  /**
   * Boolean, Long (BigInteger beyond its range), Double, String (malformed UTF-8 replaced) or a
   * list that decodes its elements when they are asked for.
   */
  Object decode() {
    return switch (type) {
      case STRING -> Utf8.lenient(bytes, start + 8, (int) (end - start - 8));
      case ARRAY -> new GgufArray(this);
      default -> decodeFixed(bytes, type, start);
    };
  }

  /** The byte behind a value; the cursor has checked that it lies in the file. */
  static long end(MemorySegment bytes, GgufValueType type, long at) {
    return switch (type) {
      case STRING -> at + 8 + bytes.get(GgufCursor.LONG, at);
      case ARRAY -> {
        GgufValue array = new GgufValue(bytes, type, at, at);
        GgufValueType element = array.elementType();
        long end = array.elements();
        if (element.fixedSize()) {
          yield end + (long) array.count() * element.leastBytes();
        }
        for (int i = 0; i < array.count(); i++) {
          end = end(bytes, element, end);
        }
        yield end;
      }
      default -> at + type.leastBytes();
    };
  }

  static Object decodeFixed(MemorySegment bytes, GgufValueType type, long at) {
    return switch (type) {
      case FLOAT32, FLOAT64 -> decodeNumber(bytes, type, at);
      case BOOL -> bytes.get(ValueLayout.JAVA_BYTE, at) != 0;
      case UINT64 -> {
        long value = bytes.get(GgufCursor.LONG, at);
        yield value >= 0 ? (Object) value : new BigInteger(Long.toUnsignedString(value));
      }
      default -> decodeInteger(bytes, type, at);
    };
  }

  /** An integer, widened; that of an unsigned 64-bit number beyond 2^63 - 1 is negative. */
  static long decodeInteger(MemorySegment bytes, GgufValueType type, long at) {
    return switch (type) {
      case UINT8 -> bytes.get(ValueLayout.JAVA_BYTE, at) & 0xffL;
      case INT8 -> bytes.get(ValueLayout.JAVA_BYTE, at);
      case UINT16 -> bytes.get(GgufCursor.SHORT, at) & 0xffffL;
      case INT16 -> bytes.get(GgufCursor.SHORT, at);
      case UINT32 -> bytes.get(GgufCursor.INT, at) & 0xffffffffL;
      case INT32 -> bytes.get(GgufCursor.INT, at);
      case UINT64, INT64 -> bytes.get(GgufCursor.LONG, at);
      case FLOAT32, FLOAT64, BOOL, STRING, ARRAY ->
          throw new IllegalArgumentException(type + " is no integer");
    };
  }

  /** A float, or an integer widened to one. */
  static double decodeNumber(MemorySegment bytes, GgufValueType type, long at) {
    return switch (type) {
      case FLOAT32 -> bytes.get(GgufCursor.FLOAT, at);
      case FLOAT64 -> bytes.get(GgufCursor.DOUBLE, at);
      default -> decodeInteger(bytes, type, at);
    };
  }
}
