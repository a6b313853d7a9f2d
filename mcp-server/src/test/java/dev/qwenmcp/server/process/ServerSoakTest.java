package dev.qwenmcp.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qwenmcp.server.bench.ProcessMemory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that several callers keep busy with calls of all kinds: its memory does not grow and it
 * loses no page of keys and values.
 *
 * <p>{@code -Dsoak.minutes=30} goes on for so long; by default it is a few seconds.
 *
 * <p>The Java heap is committed and touched at once, so that physical memory grows by native memory
 * alone. The first half of the time is for warming up: compiled code, and the pool of pages, whose
 * budgets in memory and on disk are small enough to be used up, the page cache of the database. Of
 * the second half, the median of its last part is compared with that of its first part.
 */
class ServerSoakTest {
  private static final Integer MINUTES = Integer.getInteger("soak.minutes");
  private static final long SECONDS = MINUTES == null ? 8 : 60L * MINUTES;
  private static final int CALLERS = 3;
  private static final int SAMPLES = 200;

  /**
   * Compiled code and the compiler's own memory still change a little after the first half. With
   * some hundred calls a second, a leak of 1 KiB a call would be 50 MiB and more in the nine
   * minutes between the middles of the compared parts; a page of the embedded model's keys and
   * values (85 KiB) a call would exceed this within seconds.
   */
  private static final double MOST_GROWTH_MIB = 32;

  /** In a few seconds the compiler has not finished by far; only a page a call would be seen. */
  private static final double MOST_GROWTH_MIB_AT_FIRST = 160;

  /**
   * Objects in use after a full collection. The cache of entries holds up to its 64 MiB after some
   * hundred thousand calls, which take two minutes here; what calls have in hand varies.
   */
  private static final double MOST_HEAP_GROWTH_MIB = 8;

  @TempDir private Path folder;

  @Test
  void memoryStaysFlatAndNoPageIsLost() throws Exception {
    assumeTrue(
        ProcessMemory.residentBytes(ProcessHandle.current().pid()).isPresent(),
        "this system does not tell how much memory a process uses");
    long seed = Long.getLong("soak.seed", System.nanoTime());
    ServerProcess server =
        new ServerProcess(
            folder.resolve("data"),
            folder.resolve("log"),
            List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch"),
            List.of("--cache-memory", "32M", "--cache-disk", "64M"));
    try (server) {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      AtomicLong calls = new AtomicLong();
      List<MixedCaller> callers = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        MixedCaller caller = new MixedCaller(server, new Random(seed + i), deadline, calls);
        callers.add(caller);
        threads.add(Thread.ofPlatform().start(caller));
      }
      MemorySamples memory = new MemorySamples(server.pid());
      double heapBefore = 0;
      while (System.nanoTime() < deadline) {
        Thread.sleep(SECONDS * 1000 / SAMPLES);
        memory.take();
        if (memory.size() == SAMPLES / 2) {
          heapBefore = memory.heap();
        }
      }
      for (Thread thread : threads) {
        thread.join();
      }
      double heapAfter = memory.heap();
      assertThat(callers).as("seed %d", seed).allSatisfy(c -> assertThat(c.failures()).isEmpty());
      assertThat(server.end()).isZero();

      double before = memory.median(0.5, 0.7);
      double after = memory.median(0.8, 1);
      System.err.printf(
          "soak: %d calls in %d s; resident %.0f MiB, then %.0f; heap %.1f MiB, then %.1f%n",
          calls.get(), SECONDS, before, after, heapBefore, heapAfter);
      assertThat(after - before)
          .as("growth of physical memory in MiB, seed %d", seed)
          .isLessThan(MINUTES == null ? MOST_GROWTH_MIB_AT_FIRST : MOST_GROWTH_MIB);
      assertThat(heapAfter - heapBefore)
          .as("growth of the heap in MiB, seed %d", seed)
          .isLessThan(MOST_HEAP_GROWTH_MIB);
      assertThat(server.log())
          .contains("pages of keys and values, each accounted for")
          .doesNotContain("WARN", "ERROR");
    }
  }
}
