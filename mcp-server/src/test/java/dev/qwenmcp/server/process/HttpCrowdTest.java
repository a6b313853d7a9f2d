package dev.qwenmcp.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qwenmcp.server.bench.ProcessMemory;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many clients at once over HTTP: no answer is lost, none goes to another client, and the server's
 * memory does not grow.
 *
 * <p>{@code -Dcrowd.seconds=600 -Dcrowd.clients=200} is the long form, which also asserts that the
 * memory stays flat; by default it is a few seconds. All times are printed, none is asserted.
 */
class HttpCrowdTest {
  private static final Integer LONG = Integer.getInteger("crowd.seconds");
  private static final long SECONDS = LONG == null ? 5 : LONG;
  private static final int CLIENTS = Integer.getInteger("crowd.clients", 20);
  private static final int SAMPLES = 100;

  /** Each client makes some two calls a second, as a person's program may. */
  private static final long PAUSE_MILLIS = 1_000;

  /** As in {@link ServerSoakTest}: what compiled code still takes after the first half. */
  private static final double MOST_GROWTH_MIB = 32;

  @TempDir private Path folder;

  @Test
  void eachClientReadsItsOwnWords() throws Exception {
    assumeTrue(
        ProcessMemory.residentBytes(ProcessHandle.current().pid()).isPresent(),
        "this system does not tell how much memory a process uses");
    long seed = Long.getLong("crowd.seed", System.nanoTime());
    HttpServerProcess server =
        new HttpServerProcess(
            folder.resolve("data"),
            folder.resolve("log"),
            List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch"),
            List.of("--cache-memory", "32M", "--cache-disk", "64M"));
    try (server;
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      List<CrowdClient> clients = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        CrowdClient client =
            new CrowdClient(http, server.url(), new Random(seed + i), deadline, PAUSE_MILLIS);
        clients.add(client);
        threads.add(Thread.ofVirtual().start(client));
      }
      MemorySamples memory = new MemorySamples(server.pid());
      while (System.nanoTime() < deadline) {
        Thread.sleep(Math.max(10, SECONDS * 1000 / SAMPLES));
        memory.take();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(clients.stream().map(CrowdClient::failure).filter(Objects::nonNull))
          .as("seed %d", seed)
          .isEmpty();
      assertThat(clients).allSatisfy(c -> assertThat(c.written()).isPositive());
      report(clients, memory);
      if (LONG != null) {
        assertThat(memory.median(0.8, 1) - memory.median(0.5, 0.7))
            .as("growth of physical memory in MiB, seed %d", seed)
            .isLessThan(MOST_GROWTH_MIB);
      }
      assertThat(server.end()).as("ended when told to").isTrue();
      assertThat(server.log()).doesNotContain("WARN", "ERROR");
    }
  }

  private static void report(List<CrowdClient> clients, MemorySamples memory) {
    List<Double> millis =
        clients.stream().flatMap(client -> client.millis().stream()).sorted().toList();
    System.err.printf(
        "%d clients, %d s: %d written and read, %d generated; milliseconds of calls that generate"
            + " nothing: p50 %.1f, p99 %.1f, most %.1f; resident %.0f MiB, then %.0f%n",
        clients.size(),
        SECONDS,
        clients.stream().mapToInt(CrowdClient::written).sum(),
        clients.stream().mapToInt(CrowdClient::generated).sum(),
        millis.get(millis.size() / 2),
        millis.get(millis.size() * 99 / 100),
        millis.getLast(),
        memory.median(0.5, 0.7),
        memory.median(0.8, 1));
  }
}
