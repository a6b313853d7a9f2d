package dev.qwenmcp.engine.kv.disk;

import dev.qwenmcp.engine.kv.PageEntry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.zip.CRC32C;

/** Appends records to files that no other process writes to. Not thread-safe. */
final class SegmentWriter implements AutoCloseable {
  static final String SUFFIX = ".kvs";

  private final Path folder;
  private final SegmentHeader header;
  private final long writer;
  private final long segmentBytes;
  private int files;
  private FileChannel channel; // null between segments
  private Segment segment;

  /**
   * @param writer random id of this process
   * @param segmentBytes size at which a new file begins
   */
  SegmentWriter(Path folder, SegmentHeader header, long writer, long segmentBytes) {
    this.folder = folder;
    this.header = header;
    this.writer = writer;
    this.segmentBytes = segmentBytes;
  }

  /** What the names of this writer's files begin with. */
  String prefix() {
    return String.format("%016x-", writer);
  }

  /** The file that is being written, or null. */
  Segment segment() {
    return segment;
  }

  /** Whether the next record begins a new file. */
  boolean needsFile() {
    return channel == null
        || header.recordAt(segment.records() + 1L) > segmentBytes && segment.records() > 0
        || !Files.exists(segment.path()); // another process made room
  }

  /**
   * Begins a new file.
   *
   * @throws IOException if the system refuses
   */
  Segment begin() throws IOException {
    close();
    Access.createFolders(folder);
    Path path = folder.resolve(String.format("%s%06d%s", prefix(), files++, SUFFIX));
    Segment next = new Segment(path);
    FileChannel opened =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            Access.fileAttributes(folder));
    try {
      write(opened, 0, header.encode());
    } catch (IOException e) {
      opened.close();
      Files.deleteIfExists(path);
      throw e;
    }
    channel = opened;
    segment = next;
    return next;
  }

  /**
   * Appends a record to the file; a record that fails half-way is written over by the next.
   *
   * @throws IOException if the system refuses
   */
  void append(PageEntry entry, MemorySegment page) throws IOException {
    ByteBuffer payload = page.asByteBuffer();
    CRC32C crc = new CRC32C();
    crc.update(payload.duplicate());
    ByteBuffer head = new RecordHeader(entry, page.byteSize(), (int) crc.getValue()).encode();
    long at = header.recordAt(segment.records());
    try {
      write(channel, at, head, payload);
    } catch (IOException e) {
      try {
        channel.truncate(at);
      } catch (IOException truncating) {
        e.addSuppressed(truncating);
      }
      throw e;
    }
  }

  private static void write(FileChannel channel, long at, ByteBuffer... parts) throws IOException {
    channel.position(at);
    while (parts[parts.length - 1].hasRemaining()) {
      channel.write(parts);
    }
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
      segment = null;
    }
  }
}
