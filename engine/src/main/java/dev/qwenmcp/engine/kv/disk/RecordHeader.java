package dev.qwenmcp.engine.kv.disk;

import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.PageEntry;
import dev.qwenmcp.engine.kv.PageKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What stands before a page in a segment.
 *
 * @param entry what the page is of
 * @param payloadBytes bytes of the page
 * @param payloadCrc their CRC32C
 */
record RecordHeader(PageEntry entry, long payloadBytes, int payloadCrc) {
  static final int BYTES = 384;

  /** "QKVR" as a little-endian number. */
  private static final int MAGIC = 0x52564b51;

  private static final int CRC_AT = BYTES - Integer.BYTES;

  ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC).putInt(BYTES).putLong(payloadBytes).putInt(entry.index()).putInt(payloadCrc);
    entry.parent().write(out);
    entry.key().write(out);
    for (int token : entry.tokens()) {
      out.putInt(token);
    }
    return out.putInt(CRC_AT, SegmentHeader.crc(out, CRC_AT)).rewind();
  }

  /** Empty unless the bytes are a header, whole and true to itself. */
  static Optional<RecordHeader> decode(ByteBuffer bytes) {
    ByteBuffer in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (in.remaining() != BYTES
        || in.getInt(CRC_AT) != SegmentHeader.crc(in, CRC_AT)
        || in.getInt() != MAGIC
        || in.getInt() != BYTES) {
      return Optional.empty();
    }
    long payloadBytes = in.getLong();
    int index = in.getInt();
    int payloadCrc = in.getInt();
    PageKey parent = PageKey.read(in);
    PageKey key = PageKey.read(in);
    int[] tokens = new int[KvLayout.PAGE_TOKENS];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = in.getInt();
    }
    if (index < 0 || !parent.child(tokens).equals(key)) {
      return Optional.empty();
    }
    return Optional.of(
        new RecordHeader(new PageEntry(parent, key, index, tokens), payloadBytes, payloadCrc));
  }
}
