package dev.qwenmcp.engine.kv.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.kv.CacheScope;
import dev.qwenmcp.engine.kv.CachedPrefix;
import dev.qwenmcp.engine.kv.PinnedPrefix;
import dev.qwenmcp.engine.kv.TestPages;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache over a disk tier: what memory gives up, the disk gives back. */
class StoredCacheTest {
  private static final CacheScope SCOPE = CacheProcess.SCOPE;
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final long MEGABYTES = 64L << 20;

  @TempDir private Path folder;

  @Test
  void aRestartFindsWhatWasComputed() {
    int[] document = CacheProcess.document(1, 1000);
    try (CacheProcess first = new CacheProcess(folder, 50, MEGABYTES)) {
      assertThat(first.read(document).tokens()).isZero();
      first.cache.persist(SCOPE, document, 1000);
      assertThat(first.cache.flush(SOON)).isTrue();
      assertThat(first.cache.statistics().store().writtenPages()).isEqualTo(15);
      first.read(CacheProcess.document(2, 130)); // written when the cache is closed
    }
    try (CacheProcess second = new CacheProcess(folder, 50, MEGABYTES)) {
      CachedPrefix found = second.read(document);
      assertThat(found.tokens()).isEqualTo(960);
      assertThat(found.restoredTokens()).isEqualTo(960);
      int[] other = document.clone();
      other[100] = -1;
      assertThat(second.read(other).tokens()).isEqualTo(100);
      assertThat(second.read(CacheProcess.document(2, 130)).restoredTokens()).isEqualTo(128);
      assertThat(second.cache.audit(List.of())).isEmpty();
    }
  }

  @Test
  void writingGivesWayToComputingButNotForGood() throws Exception {
    int[] document = CacheProcess.document(1, 1000);
    AtomicInteger asked = new AtomicInteger();
    try (CacheProcess process = new CacheProcess(folder, 50, MEGABYTES)) {
      process.cache.giveWayTo(() -> asked.incrementAndGet() > 0); // computes all the time
      process.read(document);
      process.cache.persist(SCOPE, document, 1000);
      long end = System.nanoTime() + SOON.toNanos();
      while (process.cache.statistics().store().writtenPages() == 0) {
        assertThat(System.nanoTime()).as("a page is written in the end").isLessThan(end);
        Thread.onSpinWait();
      }
      assertThat(asked.get()).as("looked again while it waited").isGreaterThan(1);
      assertThat(process.cache.flush(SOON)).as("a flush does not wait").isTrue();
      assertThat(process.cache.statistics().store().writtenPages()).isEqualTo(15);
    }
  }

  @Test
  void theCommonPartOfAPageOnDiskIsUsedToo() {
    int[] document = CacheProcess.document(1, 256);
    try (CacheProcess first = new CacheProcess(folder, 50, MEGABYTES)) {
      first.read(document);
    }
    int[] other = document.clone();
    other[100] = -1;
    try (CacheProcess second = new CacheProcess(folder, 50, MEGABYTES)) {
      CachedPrefix found = second.read(other);
      assertThat(found.tokens()).isEqualTo(100);
      assertThat(found.restoredTokens()).isEqualTo(100);
    }
  }

  @Test
  void whatStandsBeforeADamagedPageIsRestored() throws IOException {
    int pages = 70; // more than are read at a time
    int[] document = CacheProcess.document(1, 64 * pages);
    try (CacheProcess first = new CacheProcess(folder, 100, MEGABYTES)) {
      first.read(document);
    }
    Path file = onlySegment(folder);
    long stride = (Files.size(file) - SegmentHeader.BYTES) / pages;
    for (int damaged : new int[] {50, 7, 0}) {
      try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
        bytes.seek(SegmentHeader.BYTES + damaged * stride + stride - 1);
        int last = bytes.read();
        bytes.seek(bytes.getFilePointer() - 1);
        bytes.write(last ^ 1);
      }
      try (CacheProcess second = new CacheProcess(folder, 100, 0)) {
        CachedPrefix found = second.read(document);
        assertThat(found.tokens()).isEqualTo(64 * damaged);
        assertThat(found.restoredTokens()).isEqualTo(64 * damaged);
        assertThat(second.cache.statistics().store().damagedPages()).isPositive();
        assertThat(second.cache.audit(List.of())).isEmpty();
      }
    }
  }

  private static Path onlySegment(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> segments = files.filter(f -> f.toString().endsWith(SegmentWriter.SUFFIX)).toList();
      assertThat(segments).hasSize(1);
      return segments.getFirst();
    }
  }

  @Test
  void evictedPagesComeBackFromDisk() {
    try (CacheProcess process = new CacheProcess(folder, 20, MEGABYTES)) {
      List<int[]> documents = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        documents.add(CacheProcess.document(i, 640));
        process.read(documents.getLast());
        process.cache.persist(SCOPE, documents.getLast(), 640);
        assertThat(process.cache.flush(SOON)).isTrue();
      }
      for (int[] document : documents) {
        assertThat(process.read(document).tokens()).isEqualTo(640);
      }
      assertThat(process.cache.statistics().restoredTokens()).isPositive();
      assertThat(process.cache.statistics().lostPages()).isZero();
      assertThat(process.cache.audit(List.of())).isEmpty();
    }
  }

  @Test
  void pagesAreWrittenAsTheyAreEvicted() {
    int[] document = CacheProcess.document(1, 640);
    try (CacheProcess process = new CacheProcess(folder, 20, MEGABYTES)) {
      process.read(document);
      process.cache.evictAll();
      assertThat(process.pool.pagesInUse()).isZero();
      assertThat(process.cache.flush(SOON)).isTrue();
      assertThat(process.cache.statistics().store().writtenPages()).isEqualTo(10);
      assertThat(process.read(document).restoredTokens()).isEqualTo(640);
    }
  }

  @Test
  void aPinReadsItsPagesBack() {
    int[] header = CacheProcess.document(1, 256);
    try (CacheProcess first = new CacheProcess(folder, 50, MEGABYTES)) {
      first.read(header);
    }
    try (CacheProcess second = new CacheProcess(folder, 50, MEGABYTES);
        PinnedPrefix pin = second.cache.pin(SCOPE, header)) {
      assertThat(pin.tokens()).isEqualTo(256);
      second.cache.evictAll();
      assertThat(second.pool.pagesInUse()).isEqualTo(4);
    }
  }

  @Test
  void aDiskThatCannotBeWrittenLeavesMemory() throws IOException {
    Files.writeString(folder.resolve("kv"), "in the way");
    int[] document = CacheProcess.document(1, 640);
    try (CacheProcess process = new CacheProcess(folder, 20, MEGABYTES)) {
      process.read(document);
      process.cache.persist(SCOPE, document, 640);
      assertThat(process.cache.flush(SOON)).isFalse();
      assertThat(process.read(document).tokens()).isEqualTo(640);
      Files.delete(folder.resolve("kv"));
      while (process.cache.statistics().store().writtenPages() < 10) {
        process.cache.flush(Duration.ofMillis(50)); // tries again by itself
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void manyThatAskAtOnceRestoreOnce() throws Exception {
    int[] document = CacheProcess.document(1, 6400);
    try (CacheProcess first = new CacheProcess(folder, 200, MEGABYTES)) {
      first.read(document);
    }
    try (CacheProcess second = new CacheProcess(folder, 120, MEGABYTES);
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<CachedPrefix>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        all.add(threads.submit(() -> second.cache.match(SCOPE, document, 6400)));
      }
      for (Future<CachedPrefix> one : all) {
        assertThat(one.get().tokens()).isEqualTo(6400);
      }
      assertThat(second.pool.pagesInUse()).isEqualTo(100);
      assertThat(second.cache.statistics().store().readPages()).isEqualTo(100);
      for (Future<CachedPrefix> one : all) {
        one.get().pages().close();
      }
      assertThat(second.cache.audit(List.of())).isEmpty();
    }
  }

  /** Restarts, evictions and damage at random: what is found is right, and holders add up. */
  @Property(tries = 40)
  void neverServesAWrongPage(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    Path data = Files.createTempDirectory("kv-cache");
    CacheProcess process = new CacheProcess(data, 12 + random.nextInt(20), MEGABYTES);
    List<int[]> known = new ArrayList<>();
    try {
      for (int step = 0; step < 30; step++) {
        switch (random.nextInt(6)) {
          case 0 -> {
            process.close();
            process = new CacheProcess(data, 12 + random.nextInt(20), MEGABYTES);
          }
          case 1 -> process.cache.evictAll();
          case 2 -> damage(random, data);
          default -> {
            int[] tokens = TestPages.tokens(random, 1 + random.nextInt(500));
            if (!known.isEmpty() && random.nextInt(4) > 0) {
              int[] before = known.get(random.nextInt(known.size()));
              int common = random.nextInt(Math.min(before.length, tokens.length) + 1);
              System.arraycopy(before, 0, tokens, 0, common);
            }
            known.add(tokens);
            process.read(tokens);
            if (random.nextBoolean()) {
              process.cache.persist(SCOPE, tokens, tokens.length);
            }
          }
        }
        assertThat(process.cache.audit(List.of())).isEmpty();
        assertThat(process.pool.pagesInUse()).isLessThanOrEqualTo(process.pool.maxPages());
      }
    } finally {
      process.close();
      delete(data);
    }
  }

  private static void damage(Random random, Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".kvs")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        if (random.nextInt(3) == 0 && bytes.length > 0) {
          for (int i = 0; i < 4; i++) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
          }
          Files.write(file, Arrays.copyOf(bytes, bytes.length - random.nextInt(bytes.length / 4)));
        }
      }
    }
  }

  private static void delete(Path data) {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
