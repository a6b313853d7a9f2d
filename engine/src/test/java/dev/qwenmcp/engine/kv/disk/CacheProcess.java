package dev.qwenmcp.engine.kv.disk;

import dev.qwenmcp.engine.kv.CacheScope;
import dev.qwenmcp.engine.kv.CachedPrefix;
import dev.qwenmcp.engine.kv.KvCache;
import dev.qwenmcp.engine.kv.PagePool;
import dev.qwenmcp.engine.kv.SequencePages;
import dev.qwenmcp.engine.kv.TestPages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A pool, a cache and a disk tier, as a process has them; {@link #main} is one. */
final class CacheProcess implements AutoCloseable {
  static final CacheScope SCOPE = CacheScope.LOCAL;

  /** Documents that all processes read. */
  private static final int DOCUMENTS = 12;

  final PagePool pool;
  final KvCache cache;

  CacheProcess(Path data, int pages, long diskBytes) {
    pool = new PagePool(TestPages.LAYOUT, pages * TestPages.LAYOUT.pageBytes());
    cache =
        new KvCache(
            pool,
            TestPages.ORIGIN,
            TestPages.COST,
            new DiskTier(data, TestPages.LAYOUT, diskBytes));
  }

  /** Has the tokens computed as far as they are not known. */
  CachedPrefix read(int[] tokens) {
    CachedPrefix found = cache.match(SCOPE, tokens, tokens.length);
    try (SequencePages pages = found.pages()) {
      check(pages, tokens, found.tokens());
      TestPages.compute(pages, tokens, found.tokens(), tokens.length);
      cache.publish(
          SCOPE, (from, to) -> Arrays.copyOfRange(tokens, from, to), pages, tokens.length);
      check(pages, tokens, tokens.length);
    }
    return found;
  }

  private static void check(SequencePages pages, int[] tokens, int length) {
    int wrong = TestPages.firstWrong(pages, tokens, length);
    if (wrong != length) {
      throw new AssertionError("position " + wrong + " of " + length + " is another's");
    }
  }

  static int[] document(long seed, int length) {
    return new Random(seed).ints(length, 0, 1000).toArray();
  }

  /** Document {@code index} of those that all processes read. */
  static int[] shared(int index) {
    return document(index % DOCUMENTS, 200 + 40 * (index % DOCUMENTS));
  }

  @Override
  public void close() {
    cache.close();
    pool.close();
  }

  /**
   * Reads shared documents, with random ends, until the time is over; says after each that it is on
   * disk: its number and a full stop.
   *
   * @param args data folder, seed, milliseconds, most bytes on disk
   */
  public static void main(String[] args) throws IOException {
    Random random = new Random(Long.parseLong(args[1]));
    long end = System.nanoTime() + Duration.ofMillis(Long.parseLong(args[2])).toNanos();
    try (CacheProcess process = new CacheProcess(Path.of(args[0]), 24, Long.parseLong(args[3]))) {
      while (System.nanoTime() < end) {
        int index = random.nextInt(DOCUMENTS);
        int[] tokens = shared(index);
        process.read(tokens);
        int[] question = Arrays.copyOf(tokens, tokens.length + 100);
        question[tokens.length] = random.nextInt(1000);
        process.read(question);
        process.cache.persist(SCOPE, tokens, tokens.length);
        if (!process.cache.flush(Duration.ofSeconds(20))) {
          throw new AssertionError("not written");
        }
        List<String> problems = process.cache.audit(List.of());
        if (!problems.isEmpty() || process.cache.statistics().store().damagedPages() > 0) {
          throw new AssertionError(problems + " " + process.cache.statistics());
        }
        System.out.println(index + ".");
        System.out.flush();
      }
    }
  }
}
