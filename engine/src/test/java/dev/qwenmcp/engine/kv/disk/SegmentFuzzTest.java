package dev.qwenmcp.engine.kv.disk;

import static dev.qwenmcp.engine.kv.disk.SegmentPages.HEADER;
import static dev.qwenmcp.engine.kv.disk.SegmentPages.LAYOUT;
import static dev.qwenmcp.engine.kv.disk.SegmentPages.chain;
import static dev.qwenmcp.engine.kv.disk.SegmentPages.content;
import static dev.qwenmcp.engine.kv.disk.SegmentPages.empty;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.kv.PageEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to a segment: what is read back is what was written. */
class SegmentFuzzTest {
  private static final int FILES = 10_000;
  private static final int RECORDS = 3;

  @TempDir private Path folder;

  @Test
  void noDamageGivesAWrongPage() throws IOException {
    List<PageEntry> entries = chain(1, RECORDS);
    byte[] whole = whole(entries);
    List<MemorySegment> contents = entries.stream().map(SegmentPages::content).toList();
    Path file = folder.resolve("a.kvs");
    SegmentReader reader = new SegmentReader(HEADER);
    MemorySegment page = empty();
    Random random = new Random(7);
    int used = 0;
    int dropped = 0;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < FILES; i++) {
        byte[] damaged = damage(random, whole);
        // Not truncated to nothing, which some file systems answer with a write to the disk.
        channel.write(ByteBuffer.wrap(damaged), 0);
        channel.truncate(damaged.length);
        List<PageEntry> found;
        try {
          found = reader.entries(file, 0);
        } catch (SegmentReader.ForeignFileException _) {
          assertThat(damaged)
              .satisfiesAnyOf(
                  d -> assertThat(Arrays.mismatch(d, 0, 128, whole, 0, 128)).isNotNegative());
          dropped += RECORDS;
          continue;
        }
        for (int r = 0; r < RECORDS; r++) {
          PageEntry entry = r < found.size() ? found.get(r) : null;
          boolean good = entry != null && readable(reader, file, r, entry, page);
          if (good) {
            assertThat(entry).isIn(entries);
            assertThat(page.mismatch(contents.get(entries.indexOf(entry))) < 0)
                .as("file %d, record %d", i, r)
                .isTrue();
          }
          if (intact(damaged, whole, r)) {
            assertThat(good).as("undamaged record %d of file %d", r, i).isTrue();
            assertThat(entry).isEqualTo(entries.get(r));
          }
          used += good ? 1 : 0;
          dropped += good ? 0 : 1;
        }
      }
    }
    assertThat(used).isPositive();
    assertThat(dropped).isGreaterThan(FILES / 2);
  }

  private static boolean readable(
      SegmentReader reader, Path file, int record, PageEntry entry, MemorySegment page) {
    try {
      return reader.read(file, record, entry, page);
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean intact(byte[] damaged, byte[] whole, int record) {
    int from = (int) HEADER.recordAt(record);
    int to = (int) HEADER.recordAt(record + 1L);
    return damaged.length >= to && Arrays.equals(damaged, from, to, whole, from, to);
  }

  private static byte[] whole(List<PageEntry> entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(HEADER.encode().array());
    for (PageEntry entry : entries) {
      byte[] page = content(entry).toArray(ValueLayout.JAVA_BYTE);
      CRC32C crc = new CRC32C();
      crc.update(page);
      out.writeBytes(
          new RecordHeader(entry, LAYOUT.pageBytes(), (int) crc.getValue()).encode().array());
      out.writeBytes(page);
    }
    return out.toByteArray();
  }

  private static byte[] damage(Random random, byte[] whole) {
    byte[] bytes = whole.clone();
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times; i++) {
      // Headers are small: hit them as often as payloads.
      int record = (int) HEADER.recordAt(random.nextInt(RECORDS));
      int at =
          switch (random.nextInt(3)) {
            case 0 -> record + random.nextInt(RecordHeader.BYTES);
            case 1 -> random.nextInt(64) == 0 ? random.nextInt(128) : record + 384;
            default -> random.nextInt(bytes.length);
          };
      at = Math.min(at, bytes.length - 1);
      switch (random.nextInt(8)) {
        case 0 -> bytes = Arrays.copyOf(bytes, at);
        case 1 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 512), (byte) 0);
        case 2 -> bytes[at] = (byte) random.nextInt();
        case 3 -> {
          int from = random.nextInt(bytes.length);
          int count = Math.min(random.nextInt(5000), bytes.length - Math.max(from, at));
          System.arraycopy(bytes, from, bytes, at, count);
        }
        case 4 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(6000));
        case 5 -> {
          // Bytes that got lost: everything behind moves up.
          int count = Math.min(1 + random.nextInt(100), bytes.length - at);
          byte[] rest = Arrays.copyOfRange(bytes, at + count, bytes.length);
          bytes = Arrays.copyOf(bytes, bytes.length - count);
          System.arraycopy(rest, 0, bytes, at, rest.length);
        }
        default -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      }
      if (bytes.length == 0) {
        return bytes;
      }
    }
    return bytes;
  }
}
