package dev.qwenmcp.engine.kv.disk;

import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.PageKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The first bytes of a segment file: what all its pages have in common.
 *
 * @param root root key of the pages
 * @param layout of the pages
 */
record SegmentHeader(PageKey root, KvLayout layout) {
  static final int BYTES = 128;
  static final int VERSION = 1;

  /** "QKVSEGM1" as a little-endian number. */
  private static final long MAGIC = 0x314d474553564b51L;

  private static final int CRC_AT = BYTES - Integer.BYTES;

  /** Bytes from the start of one record to that of the next. */
  long stride() {
    return RecordHeader.BYTES + layout.pageBytes();
  }

  /** Where record {@code index} begins. */
  long recordAt(long index) {
    return BYTES + index * stride();
  }

  /** Number of whole records in a file of this size. */
  long records(long fileSize) {
    return fileSize < BYTES ? 0 : (fileSize - BYTES) / stride();
  }

  ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(MAGIC).putInt(VERSION).putInt(BYTES);
    root.write(out);
    out.putInt(layout.type().ggmlType().id())
        .putInt(layout.layers())
        .putInt(layout.kvHeads())
        .putInt(layout.headDim())
        .putInt(KvLayout.PAGE_TOKENS)
        .putInt(RecordHeader.BYTES)
        .putLong(layout.pageBytes());
    return out.putInt(CRC_AT, crc(out, CRC_AT)).rewind();
  }

  /** Whether these bytes are this header. */
  boolean matches(ByteBuffer bytes) {
    return bytes.remaining() == BYTES && encode().equals(bytes);
  }

  /** What is wrong with these bytes, for people. */
  String problem(ByteBuffer bytes) {
    ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (in.getLong(0) != MAGIC) {
      return "it is no segment of keys and values";
    }
    if (in.getInt(Long.BYTES) != VERSION) {
      return "it has format version " + Integer.toUnsignedString(in.getInt(Long.BYTES));
    }
    return Optional.of("its header is damaged")
        .filter(_ -> in.getInt(CRC_AT) != crc(in, CRC_AT))
        .orElse("its pages are of another model or layout");
  }

  static int crc(ByteBuffer bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(0, length));
    return (int) crc.getValue();
  }
}
