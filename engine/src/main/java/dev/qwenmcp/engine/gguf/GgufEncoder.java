package dev.qwenmcp.engine.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Bytes of a header under construction. */
final class GgufEncoder {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);

  GgufEncoder int32(int value) {
    return flush(number.clear().putInt(value));
  }

  GgufEncoder int64(long value) {
    return flush(number.clear().putLong(value));
  }

  GgufEncoder string(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return int64(utf8.length).raw(utf8);
  }

  GgufEncoder raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /**
   * A value without its type.
   *
   * @throws IllegalArgumentException if the value is not of that type or out of its range
   */
  GgufEncoder value(GgufValueType type, Object value) {
    return switch (type) {
      case STRING -> string(as(String.class, type, value));
      case BOOL -> flush(number.clear().put((byte) (as(Boolean.class, type, value) ? 1 : 0)));
      case FLOAT32 -> int32(Float.floatToRawIntBits(as(Number.class, type, value).floatValue()));
      case FLOAT64 ->
          int64(Double.doubleToRawLongBits(as(Number.class, type, value).doubleValue()));
      case ARRAY -> array(as(GgufDraft.Array.class, type, value));
      default -> integer(type, as(Number.class, type, value).longValue());
    };
  }

  private GgufEncoder array(GgufDraft.Array array) {
    int32(array.elementType().id()).int64(array.elements().size());
    for (Object element : array.elements()) {
      value(array.elementType(), element);
    }
    return this;
  }

  /** For UINT64, negative numbers stand for those beyond 2^63 - 1. */
  private GgufEncoder integer(GgufValueType type, long value) {
    boolean fits =
        switch (type) {
          case UINT8 -> value == (value & 0xff);
          case INT8 -> value == (byte) value;
          case UINT16 -> value == (value & 0xffff);
          case INT16 -> value == (short) value;
          case UINT32 -> value == (value & 0xffffffffL);
          case INT32 -> value == (int) value;
          default -> true;
        };
    if (!fits) {
      throw new IllegalArgumentException(value + " is out of the range of " + type);
    }
    number.clear().putLong(value).flip().limit(type.leastBytes());
    out.write(number.array(), 0, type.leastBytes());
    return this;
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  int size() {
    return out.size();
  }

  private GgufEncoder flush(ByteBuffer filled) {
    out.write(filled.array(), 0, filled.position());
    return this;
  }

  private static <T> T as(Class<T> kind, GgufValueType type, Object value) {
    if (!kind.isInstance(value)) {
      throw new IllegalArgumentException(
          type + " takes a " + kind.getSimpleName() + ", not " + value);
    }
    return kind.cast(value);
  }
}
