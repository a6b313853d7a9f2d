package dev.qwenmcp.engine.gguf;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes headers field by field, right or wrong. */
final class RawGguf {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Signature, version 3 and the two counts. */
  static RawGguf header(long tensors, long pairs) {
    return new RawGguf().ascii("GGUF").int32(3).int64(tensors).int64(pairs);
  }

  /** A header with one pair, of which key and value type are written. */
  static RawGguf pair(String key, GgufValueType type) {
    return header(0, 1).string(key).int32(type.id());
  }

  RawGguf ascii(String text) {
    return bytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  RawGguf bytes(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  RawGguf int32(int value) {
    return bytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }

  RawGguf int64(long value) {
    return bytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  RawGguf string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return int64(utf8.length).bytes(utf8);
  }

  RawGguf tensor(String name, int type, long offset, long... shape) {
    string(name).int32(shape.length);
    for (long size : shape) {
      int64(size);
    }
    return int32(type).int64(offset);
  }

  /** Zeros up to the next multiple of 32, then {@code size} bytes of data. */
  RawGguf data(int size) {
    return bytes(new byte[-out.size() & 31]).bytes(new byte[size]);
  }

  MemorySegment segment() {
    return MemorySegment.ofArray(out.toByteArray());
  }

  GgufFile read() throws GgufFormatException {
    return GgufFile.of("raw.gguf", segment());
  }
}
