package dev.qwenmcp.server.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is left of collections when processes are killed, and when several write at once.
 *
 * <p>{@code -Dcrash.rounds=200} kills so often; {@code -Dcrash.seed=} repeats a run.
 */
class CollectionCrashTest {
  private static final String ME = IngestWorkload.ME;
  private static final String ALL = IngestWorkload.COLLECTION;
  private static final int ROUNDS = Integer.getInteger("crash.rounds", 3);

  @TempDir private Path folder;

  /** The workload in a process of its own. */
  private static final class Workload {
    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;

    Workload(Path folder, long seed, int calls) throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Xmx256m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  IngestWorkload.class.getName(),
                  folder.toString(),
                  Long.toString(seed),
                  Integer.toString(calls))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      reader = Thread.ofPlatform().daemon().start(this::read);
    }

    private void read() {
      try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
          synchronized (this) {
            lines.add(line);
            notifyAll();
          }
        }
      } catch (IOException e) {
        // It was killed while it wrote.
      }
    }

    /** Waits for the first acknowledgement. */
    synchronized void awaitReady() throws InterruptedException {
      while (lines.stream().noneMatch(line -> line.startsWith("ingested"))) {
        assertThat(process.isAlive()).isTrue();
        wait(50);
      }
    }

    List<String> end(boolean kill) throws InterruptedException {
      if (kill) {
        process.destroyForcibly();
      }
      process.waitFor();
      reader.join();
      return lines;
    }
  }

  /** What processes said. */
  private static final class Acknowledged {
    private final Set<String> ingested = new HashSet<>();
    private final Set<String> perhapsForgotten = new HashSet<>();
    private final Set<String> forgotten = new HashSet<>();

    void add(List<String> lines) {
      for (String line : lines) {
        List<String> words = List.of(line.split(" "));
        List<String> ids = words.subList(1, words.size());
        switch (words.getFirst()) {
          case "ingested" -> ingested.addAll(ids);
          case "forgetting" -> perhapsForgotten.addAll(ids);
          case "forgot" -> forgotten.addAll(ids);
          default -> {
            // Says how far it is.
          }
        }
      }
    }
  }

  private KnowledgeBase open() {
    Embedders models = new Embedders(Optional.of(new TopicEmbedder()), Optional.empty());
    return new LuceneKnowledgeBase(KnowledgeSettings.in(folder, EmbeddingChoice.of(models)));
  }

  @Test
  void whatWasAcknowledgedSurvivesBeingKilledAndCanBeSearched() throws Exception {
    long seed = Long.getLong("crash.seed", System.nanoTime());
    Random random = new Random(seed);
    Acknowledged acknowledged = new Acknowledged();
    for (int round = 0; round < ROUNDS; round++) {
      Workload workload = new Workload(folder, Math.abs(random.nextInt()), 0);
      workload.awaitReady();
      Thread.sleep(random.nextInt(800));
      acknowledged.add(workload.end(true));
      try (KnowledgeBase base = open()) {
        check(base, acknowledged, "seed " + seed + ", round " + round);
      }
    }
    assertThat(acknowledged.ingested).isNotEmpty();
  }

  @Test
  void severalProcessesWriteOneCollection() throws Exception {
    List<Workload> workloads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      workloads.add(new Workload(folder, 100 + i, 6));
    }
    Acknowledged acknowledged = new Acknowledged();
    for (Workload workload : workloads) {
      List<String> lines = workload.end(false);
      assertThat(lines).contains("done");
      acknowledged.add(lines);
    }
    try (KnowledgeBase base = open()) {
      check(base, acknowledged, "three processes");
      assertThat(base.sources(ME, ALL))
          .hasSize(acknowledged.ingested.size() - acknowledged.forgotten.size());
    }
  }

  private static void check(KnowledgeBase base, Acknowledged acknowledged, String where)
      throws Exception {
    if (acknowledged.ingested.isEmpty()) {
      return;
    }
    Set<String> there = new HashSet<>();
    for (SourceInfo source : base.sources(ME, ALL)) {
      there.add(source.id());
      String text = base.document(ME, ALL, source.id()).orElseThrow().text();
      assertThat(text).as(where).isEqualTo(IngestWorkload.document(source.id()).text());
    }
    for (String id : acknowledged.ingested) {
      if (!acknowledged.perhapsForgotten.contains(id)) {
        assertThat(there).as(where).contains(id);
      }
    }
    assertThat(there).as(where).noneMatch(acknowledged.forgotten::contains);
    assertThat(base.awaitVectors(ME, ALL, Duration.ofSeconds(60))).as(where).isZero();
    for (SourceInfo source : base.sources(ME, ALL)) {
      assertThat(source.vectors()).as(where).isEqualTo(source.passages());
      List<Passage> found =
          base.search(ME, ALL, SearchRequest.of(IngestWorkload.word(source.id()), 3)).passages();
      assertThat(found.getFirst().source()).as(where).isEqualTo(source.id());
    }
    assertThat(base.collections(ME).getFirst().documents()).as(where).isEqualTo(there.size());
  }
}
