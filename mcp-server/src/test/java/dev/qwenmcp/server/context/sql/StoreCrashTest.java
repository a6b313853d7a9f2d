package dev.qwenmcp.server.context.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.context.ContextException;
import dev.qwenmcp.server.context.ContextId;
import dev.qwenmcp.server.context.ContextLimits;
import dev.qwenmcp.server.context.ContextStore;
import dev.qwenmcp.server.context.Entry;
import dev.qwenmcp.server.context.EntryHead;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is left when processes are killed, and when several write at once.
 *
 * <p>{@code -Dcrash.rounds=200} kills so often, {@code -Dmixed.seconds=600} keeps four processes
 * busy for so long; then it is also asserted that opening takes less than two seconds.
 */
class StoreCrashTest {
  private static final int ROUNDS = Integer.getInteger("crash.rounds", 4);
  private static final int MIXED_SECONDS = Integer.getInteger("mixed.seconds", 3);
  private static final int PROCESSES = 4;
  private static final long MOST_MILLIS_TO_OPEN = 2_000;

  /** What processes said about contexts. */
  private static final class Acknowledged {
    final Set<String> opened = new HashSet<>();
    final Set<String> perhapsEnded = new HashSet<>();
    final Set<String> ended = new HashSet<>();
    final Map<String, Map<Integer, String>> appended = new HashMap<>();
    final List<String> errors = new ArrayList<>();

    void add(List<String> lines) {
      for (String line : lines) {
        String[] words = line.split(" ");
        switch (words[0]) {
          case "opened" -> opened.add(words[1]);
          case "ending" -> perhapsEnded.add(words[1]);
          case "ended" -> ended.add(words[1]);
          case "appended" ->
              appended
                  .computeIfAbsent(words[1], context -> new HashMap<>())
                  .put(Integer.valueOf(words[2]), words[3]);
          case "error" -> errors.add(line);
          default -> {
            // Says how far it is.
          }
        }
      }
    }
  }

  @TempDir private Path folder;

  private ContextStore open(Path at) throws Exception {
    return SqlContextStore.sqlite(
        SqliteSettings.in(at), ContextLimits.DURABLE, InstantSource.system(), new SecureRandom());
  }

  @Test
  void whatWasAcknowledgedSurvivesBeingKilled() throws Exception {
    long seed = Long.getLong("crash.seed", System.nanoTime());
    Random random = new Random(seed);
    Path at = folder.resolve("crash");
    Acknowledged acknowledged = new Acknowledged();
    for (int round = 0; round < ROUNDS; round++) {
      WorkloadProcess process = new WorkloadProcess(at, random.nextLong(), 0);
      process.await("ready");
      Thread.sleep(random.nextInt(600));
      process.kill();
      acknowledged.add(process.lines());

      long begin = System.nanoTime();
      try (ContextStore store = open(at)) {
        long millis = (System.nanoTime() - begin) / 1_000_000;
        if (System.getProperty("crash.rounds") != null) {
          assertThat(millis).as("milliseconds to open").isLessThan(MOST_MILLIS_TO_OPEN);
        }
        check(store, acknowledged, "seed " + seed + ", round " + round);
      }
      StoreAudit.check(at);
    }
    assertThat(acknowledged.errors).isEmpty();
    assertThat(acknowledged.appended).isNotEmpty();
  }

  @Test
  void aMigrationThatWasKilledIsDoneAgain() throws Exception {
    Random random = new Random();
    for (int round = 0; round < Math.max(2, ROUNDS / 4); round++) {
      Path at = folder.resolve("migration" + round);
      WorkloadProcess process = new WorkloadProcess(at, 1, 0);
      process.await("open");
      Thread.sleep(random.nextInt(400));
      process.kill();

      try (ContextStore store = open(at)) {
        assertThat(store.open("local", "").entries()).isZero();
      }
      StoreAudit.check(at);
    }
  }

  @Test
  void severalProcessesShareAFolder() throws Exception {
    Path at = folder.resolve("shared");
    String shared;
    try (ContextStore store = open(at)) {
      shared = store.open("local", "shared").id().value();
    }
    List<WorkloadProcess> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(new WorkloadProcess(at, 100 * i, MIXED_SECONDS, shared));
    }
    Acknowledged acknowledged = new Acknowledged();
    for (WorkloadProcess process : processes) {
      assertThat(process.join()).isZero();
      acknowledged.add(process.lines());
    }

    assertThat(acknowledged.errors).isEmpty();
    assertThat(acknowledged.appended).containsKey(shared);
    try (ContextStore store = open(at)) {
      check(store, acknowledged, "shared");
    }
    StoreAudit.check(at);
  }

  private static void check(ContextStore store, Acknowledged acknowledged, String where)
      throws ContextException {
    for (String context : acknowledged.opened) {
      List<Entry> entries;
      try {
        entries = store.read("local", new ContextId(context), 0, Integer.MAX_VALUE);
      } catch (ContextException e) {
        assertThat(e.kind()).as(where).isEqualTo(ContextException.Kind.CLOSED);
        assertThat(acknowledged.perhapsEnded).as(where).contains(context);
        continue;
      }
      assertThat(acknowledged.ended).as(where).doesNotContain(context);
      assertWhole(entries, where);
      acknowledged
          .appended
          .getOrDefault(context, Map.of())
          .forEach((index, tag) ->
              assertThat(StoreWorkload.Pair.of(entries.get(index)).tag()).as(where).isEqualTo(tag));
    }
  }

  /** Both halves of each pair, with the texts that were written. */
  private static void assertWhole(List<Entry> entries, String where) {
    assertThat(entries.size() % 2).as(where).isZero();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      assertThat(entry.index()).as(where).isEqualTo(i);
      assertThat(StoreWorkload.Pair.of(entry))
          .as(where)
          .isEqualTo(
              new StoreWorkload.Pair(StoreWorkload.Pair.of(entries.get(i - i % 2)).tag(), i % 2));
      assertThat(entry.structuredJson())
          .as(where)
          .isEqualTo("\"" + EntryHead.digest(entry.text()) + "\"");
    }
  }
}
