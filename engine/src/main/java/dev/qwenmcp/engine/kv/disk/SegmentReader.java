package dev.qwenmcp.engine.kv.disk;

import dev.qwenmcp.engine.kv.PageEntry;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Reads segment files, whoever wrote them and whatever happened to them.
 *
 * <p>Opens the file for each use: what another process deletes meanwhile stays readable to the end,
 * and a caller's interrupt closes nobody else's channel. Interrupts are kept for the caller.
 */
final class SegmentReader {
  private final SegmentHeader header;

  SegmentReader(SegmentHeader header) {
    this.header = header;
  }

  /** A file that is no segment of these pages. */
  static final class ForeignFileException extends IOException {
    private static final long serialVersionUID = 1L;

    ForeignFileException(Path path, String problem) {
      super(path + " is left alone: " + problem);
    }
  }

  private interface Reading<T> {
    T from(FileChannel channel) throws IOException;
  }

  /**
   * The entries of the whole records after the first {@code known}; null for each damaged one.
   *
   * @return empty if the file is still too short for its header
   * @throws ForeignFileException if the file is no segment of these pages
   */
  List<PageEntry> entries(Path path, int known) throws IOException {
    return with(
        path,
        channel -> {
          long size = channel.size();
          List<PageEntry> entries = new ArrayList<>();
          if (size < SegmentHeader.BYTES) {
            return entries;
          }
          if (known == 0) {
            ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
            fill(channel, bytes, 0);
            if (!header.matches(bytes)) {
              throw new ForeignFileException(path, header.problem(bytes));
            }
          }
          ByteBuffer bytes = ByteBuffer.allocateDirect(RecordHeader.BYTES);
          for (long i = known; i < header.records(size); i++) {
            fill(channel, bytes.clear(), header.recordAt(i));
            entries.add(decode(bytes).map(RecordHeader::entry).orElse(null));
          }
          return entries;
        });
  }

  /**
   * Reads a page, whose record must be what the index says and whole.
   *
   * @param target of the page's size
   * @return false if the record is damaged
   * @throws IOException if the file is gone or too short, or the system cannot read it
   */
  boolean read(Path path, int record, PageEntry entry, MemorySegment target) throws IOException {
    return with(
        path,
        channel -> {
          long at = header.recordAt(record);
          ByteBuffer bytes = ByteBuffer.allocate(RecordHeader.BYTES);
          fill(channel, bytes, at);
          ByteBuffer payload = target.asByteBuffer();
          fill(channel, payload, at + RecordHeader.BYTES);
          CRC32C crc = new CRC32C();
          crc.update(payload);
          int found = (int) crc.getValue();
          return decode(bytes)
              .filter(h -> h.entry().equals(entry) && h.payloadCrc() == found)
              .isPresent();
        });
  }

  private Optional<RecordHeader> decode(ByteBuffer bytes) {
    return RecordHeader.decode(bytes).filter(h -> h.payloadBytes() == header.layout().pageBytes());
  }

  private static void fill(FileChannel channel, ByteBuffer target, long at) throws IOException {
    long position = at;
    while (target.hasRemaining()) {
      int count = channel.read(target, position);
      if (count < 0) {
        throw new EOFException("the file ends at " + position);
      }
      position += count;
    }
    target.flip();
  }

  private static <T> T with(Path path, Reading<T> reading) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
          return reading.from(channel);
        } catch (ClosedByInterruptException _) {
          interrupted = true;
          Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
