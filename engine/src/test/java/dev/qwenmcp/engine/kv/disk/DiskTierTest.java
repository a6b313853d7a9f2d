package dev.qwenmcp.engine.kv.disk;

import static dev.qwenmcp.engine.kv.disk.SegmentPages.HEADER;
import static dev.qwenmcp.engine.kv.disk.SegmentPages.LAYOUT;
import static dev.qwenmcp.engine.kv.disk.SegmentPages.ROOT;
import static dev.qwenmcp.engine.kv.disk.SegmentPages.chain;
import static dev.qwenmcp.engine.kv.disk.SegmentPages.content;
import static dev.qwenmcp.engine.kv.disk.SegmentPages.empty;
import static dev.qwenmcp.engine.kv.disk.SegmentPages.holds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.kv.PageEntry;
import dev.qwenmcp.engine.kv.PageKey;
import dev.qwenmcp.engine.kv.PageStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTierTest {
  private static final long MEGABYTES = 64L << 20;

  @TempDir private Path folder;
  private final MovableClock clock = new MovableClock();
  private final FixedSpace space = new FixedSpace();

  private static final class FixedSpace implements DiskSpace {
    private long usable = Long.MAX_VALUE / 2;

    @Override
    public long usable(Path path) {
      return usable;
    }

    @Override
    public long reserve(Path path) {
      return 1000;
    }
  }

  private DiskTier tier(long budget) {
    return new DiskTier(folder, LAYOUT, new DiskTier.Settings(budget, clock, space));
  }

  private void later() {
    clock.advance(Duration.ofSeconds(1));
  }

  private static void writeAll(PageStore store, List<PageEntry> entries) throws IOException {
    for (PageEntry entry : entries) {
      store.write(entry, content(entry));
    }
  }

  private static boolean finds(PageStore store, PageEntry entry) {
    MemorySegment page = empty();
    return store.nearest(entry.parent(), entry.tokens()).filter(entry::equals).isPresent()
        && store.read(entry, page)
        && holds(page, entry);
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(f -> f.toString().endsWith(".kvs")).sorted().toList();
    }
  }

  private long bytes() throws IOException {
    long sum = 0;
    for (Path file : segments()) {
      sum += Files.size(file);
    }
    return sum;
  }

  @Test
  void pagesAreFoundByTheNextProcess() throws IOException {
    List<PageEntry> entries = chain(1, 5);
    try (DiskTier first = tier(MEGABYTES)) {
      writeAll(first.store(ROOT), entries);
      assertThat(first.statistics().writtenPages()).isEqualTo(5);
    }
    try (DiskTier second = tier(MEGABYTES)) {
      assertThat(entries).allMatch(e -> finds(second.store(ROOT), e));
      assertThat(second.statistics().pages()).isEqualTo(5);
      assertThat(second.store(new PageKey(9, 9, 9, 9)).nearest(ROOT, entries.get(0).tokens()))
          .isEmpty();
    }
  }

  @Test
  void theLongestCommonBeginningIsFound() throws IOException {
    try (DiskTier tier = tier(MEGABYTES)) {
      PageStore store = tier.store(ROOT);
      PageEntry one = chain(1, 1).getFirst();
      int[] ids = one.tokens().clone();
      ids[40] = 5000;
      PageEntry two = PageEntry.of(ROOT, 0, ids);
      writeAll(store, List.of(one, two, chain(2, 1).getFirst()));
      int[] query = Arrays.copyOf(ids, 50);
      assertThat(store.nearest(ROOT, query)).contains(two);
      query[30] = 6000;
      assertThat(store.nearest(ROOT, query)).isPresent();
      query[0] = 7000;
      assertThat(store.nearest(ROOT, query)).isEmpty();
    }
  }

  @Test
  void processesFindWhatOthersWriteWhileTheyRun() throws IOException {
    List<PageEntry> entries = chain(1, 4);
    try (DiskTier one = tier(MEGABYTES);
        DiskTier two = tier(MEGABYTES)) {
      writeAll(one.store(ROOT), entries.subList(0, 2));
      assertThat(finds(two.store(ROOT), entries.get(1))).isTrue();
      writeAll(one.store(ROOT), entries.subList(2, 4));
      assertThat(finds(two.store(ROOT), entries.get(3))).as("looked a moment ago").isFalse();
      later();
      assertThat(finds(two.store(ROOT), entries.get(3))).isTrue();
      writeAll(two.store(ROOT), entries);
      assertThat(two.statistics().writtenPages()).as("known already").isZero();
    }
  }

  @Test
  void aSegmentThatAnotherDeletesIsForgotten() throws IOException {
    List<PageEntry> entries = chain(1, 3);
    try (DiskTier one = tier(MEGABYTES);
        DiskTier two = tier(MEGABYTES)) {
      writeAll(one.store(ROOT), entries);
      assertThat(finds(two.store(ROOT), entries.get(0))).isTrue();
      Files.delete(segments().getFirst());
      assertThat(entries).noneMatch(e -> finds(two.store(ROOT), e));
      assertThat(two.statistics().damagedPages()).isZero();
      // The writer notices too and begins another file.
      assertThat(entries).noneMatch(e -> finds(one.store(ROOT), e));
      writeAll(one.store(ROOT), entries);
      assertThat(entries).allMatch(e -> finds(one.store(ROOT), e));
    }
  }

  @Test
  void aSecondCopyIsReadWhereTheFirstIsDamaged() throws IOException {
    PageEntry entry = chain(1, 1).getFirst();
    try (DiskTier one = tier(MEGABYTES);
        DiskTier two = tier(MEGABYTES)) {
      writeAll(one.store(ROOT), List.of(entry));
      writeAll(two.store(ROOT), List.of(entry)); // did not look
      later();
      try (DiskTier three = tier(MEGABYTES)) {
        assertThat(finds(three.store(ROOT), entry)).isTrue();
        flip(segments().getFirst(), HEADER.recordAt(0) + RecordHeader.BYTES + 77);
        assertThat(finds(three.store(ROOT), entry)).isTrue();
        flip(segments().getLast(), HEADER.recordAt(0) + RecordHeader.BYTES + 4000);
        assertThat(finds(three.store(ROOT), entry)).isFalse();
        assertThat(three.statistics().damagedPages()).isEqualTo(2);
      }
    }
  }

  @Test
  void aTornTailIsIgnoredAndTheRestUsed() throws IOException {
    List<PageEntry> entries = chain(1, 3);
    try (DiskTier one = tier(MEGABYTES)) {
      writeAll(one.store(ROOT), entries);
    }
    try (FileChannel file = FileChannel.open(segments().getFirst(), StandardOpenOption.WRITE)) {
      file.truncate(HEADER.recordAt(2) + 1000);
    }
    try (DiskTier two = tier(MEGABYTES)) {
      assertThat(finds(two.store(ROOT), entries.get(1))).isTrue();
      assertThat(finds(two.store(ROOT), entries.get(2))).isFalse();
      assertThat(two.statistics().damagedPages()).isZero();
    }
  }

  @Test
  void foreignFilesAreLeftAlone() throws IOException {
    Path root = Files.createDirectories(folder.resolve("kv").resolve(ROOT.toString()));
    Files.write(root.resolve("a.kvs"), new byte[10_000]);
    Files.write(root.resolve("b.kvs"), new byte[0]);
    Files.writeString(root.resolve("notes.txt"), "not ours");
    Files.createDirectory(root.resolve("c.kvs"));
    PageEntry entry = chain(1, 1).getFirst();
    try (DiskTier tier = tier(MEGABYTES)) {
      assertThat(finds(tier.store(ROOT), entry)).isFalse();
      writeAll(tier.store(ROOT), List.of(entry));
      assertThat(finds(tier.store(ROOT), entry)).isTrue();
    }
    // A segment of another root key in this folder.
    try (DiskTier other = tier(MEGABYTES)) {
      PageKey key = new PageKey(5, 5, 5, 5);
      Path file = root.resolve("moved.kvs");
      Files.write(file, new SegmentHeader(key, LAYOUT).encode().array());
      assertThat(finds(other.store(ROOT), entry)).isTrue();
      assertThat(other.statistics().pages()).isOne();
    }
    assertThat(root.resolve("notes.txt")).exists();
  }

  @Test
  void segmentsUnusedForLongestMakeRoom() throws IOException {
    long budget = 20 * HEADER.stride();
    try (DiskTier tier = tier(budget)) {
      PageStore store = tier.store(ROOT);
      List<PageEntry> entries = chain(1, 60);
      PageEntry favourite = entries.getFirst();
      for (PageEntry entry : entries) {
        clock.advance(Duration.ofMinutes(2));
        store.write(entry, content(entry));
        Files.setLastModifiedTime(newest(), FileTime.from(clock.instant()));
        store.touch(favourite.key());
        assertThat(bytes()).isLessThanOrEqualTo(budget);
      }
      assertThat(finds(store, favourite)).isTrue();
      assertThat(finds(store, entries.getLast())).isTrue();
      assertThat(finds(store, entries.get(1))).isFalse();
      assertThat(bytes()).isGreaterThan(budget / 2);
    }
  }

  private Path newest() throws IOException {
    return segments().getLast();
  }

  @Test
  void aBudgetBelowOnePageKeepsNothing() throws IOException {
    try (DiskTier tier = tier(1000)) {
      assertThat(tier.store(ROOT).writable()).isFalse();
    }
  }

  @Test
  void aFullDiskIsSaidAndTriedAgain() throws IOException {
    List<PageEntry> entries = chain(1, 2);
    try (DiskTier tier = tier(MEGABYTES)) {
      PageStore store = tier.store(ROOT);
      space.usable = 3000;
      assertThatThrownBy(() -> writeAll(store, entries))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("left");
      assertThat(tier.statistics().failedWrites()).isOne();
      space.usable = MEGABYTES;
      writeAll(store, entries);
      assertThat(entries).allMatch(e -> finds(store, e));
    }
  }

  @Test
  void oldSegmentsGiveWayOnAFullDisk() throws IOException {
    List<PageEntry> entries = chain(1, 3);
    try (DiskTier old = tier(MEGABYTES)) {
      writeAll(old.store(ROOT), entries);
    }
    Path before = segments().getFirst();
    try (DiskTier tier = tier(MEGABYTES)) {
      space.usable = 3000;
      PageEntry next = chain(2, 1).getFirst();
      assertThatThrownBy(() -> tier.store(ROOT).write(next, content(next)))
          .isInstanceOf(IOException.class);
      assertThat(before).doesNotExist();
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsAnErrorUntilItCan() throws IOException {
    Path kv = Files.writeString(folder.resolve("kv"), "in the way");
    List<PageEntry> entries = chain(1, 2);
    try (DiskTier tier = tier(MEGABYTES)) {
      PageStore store = tier.store(ROOT);
      assertThat(finds(store, entries.get(0))).isFalse();
      assertThatThrownBy(() -> writeAll(store, entries)).isInstanceOf(IOException.class);
      Files.delete(kv);
      writeAll(store, entries);
      assertThat(entries).allMatch(e -> finds(store, e));
    }
  }

  @Test
  void onlyTheOwnerMayLook() throws IOException {
    try (DiskTier tier = tier(MEGABYTES)) {
      writeAll(tier.store(ROOT), chain(1, 1));
    }
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Path file = segments().getFirst();
      assertThat(permissions(file)).isEqualTo("rw-------");
      assertThat(permissions(file.getParent())).isEqualTo("rwx------");
      assertThat(permissions(folder.resolve("kv"))).isEqualTo("rwx------");
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void anInterruptedCallerReadsToTheEnd() throws IOException {
    List<PageEntry> entries = chain(1, 2);
    try (DiskTier tier = tier(MEGABYTES)) {
      writeAll(tier.store(ROOT), entries);
      Thread.currentThread().interrupt();
      assertThat(finds(tier.store(ROOT), entries.get(1))).isTrue();
      assertThat(Thread.interrupted()).isTrue();
      assertThat(tier.statistics().damagedPages()).isZero();
    }
  }

  private static void flip(Path file, long at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) at] ^= 1;
    Files.write(file, bytes);
  }
}
