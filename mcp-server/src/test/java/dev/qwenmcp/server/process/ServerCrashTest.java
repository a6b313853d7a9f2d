package dev.qwenmcp.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.context.sql.StoreAudit;
import dev.qwenmcp.server.process.ServerProcess.EndedException;
import dev.qwenmcp.server.process.ServerProcess.ToolFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is left when the whole server is killed while several callers write, fork, close and have
 * answers generated.
 *
 * <p>{@code -Drounds=200} kills so often; then it is also asserted that a server answers {@code
 * initialize} and a read within two seconds of its start. {@code -Dprogram=PATH} starts it as its
 * users do, by the program at that path with its start cache, instead of from the class path.
 */
class ServerCrashTest {
  private static final int ROUNDS = Integer.getInteger("rounds", 3);
  private static final int WRITERS = 3;
  private static final long MOST_MILLIS_TO_ANSWER = 2_000;

  /** Of those written in earlier rounds, how many are looked at again after each kill. */
  private static final int SAMPLED = 40;

  @TempDir private Path folder;

  private ServerProcess start() throws IOException, EndedException {
    String program = System.getProperty("program");
    if (program != null) {
      return new ServerProcess(
          List.of(Path.of(program).toAbsolutePath().toString()),
          folder.resolve("data"),
          folder.resolve("log"),
          List.of());
    }
    return new ServerProcess(
        folder.resolve("data"),
        folder.resolve("log"),
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"),
        List.of());
  }

  @Test
  void whatTheServerAcknowledgedSurvivesBeingKilled() throws Exception {
    long seed = Long.getLong("crash.seed", System.nanoTime());
    Random random = new Random(seed);
    List<Written> all = new ArrayList<>();
    List<Long> millisToAnswer = new ArrayList<>();
    for (int round = 0; round <= ROUNDS; round++) {
      String where = "seed " + seed + ", round " + round;
      long begin = System.nanoTime();
      try (ServerProcess server = start()) {
        if (!all.isEmpty()) {
          long ready = (System.nanoTime() - begin) / 1_000_000;
          all.getLast().read(server);
          long read = (System.nanoTime() - begin) / 1_000_000;
          millisToAnswer.add(read);
          if (read > MOST_MILLIS_TO_ANSWER / 2) {
            System.err.printf("round %d: %d ms to initialize, %d to read%n", round, ready, read);
          }
          check(server, all, round == ROUNDS, random, where);
        }
        if (round < ROUNDS) {
          all.addAll(writeUntilKilled(server, random, round == 0));
        }
      }
      StoreAudit.check(folder.resolve("data"));
      assertThat(Files.readString(folder.resolve("log"))).as(where).doesNotContain(" ERROR ");
    }

    assertThat(all).anyMatch(written -> !written.appended().isEmpty());
    assertThat(all).anyMatch(written -> !written.answered().isEmpty());
    Collections.sort(millisToAnswer);
    System.err.printf(
        "killed %d times, %d contexts; milliseconds to the first read: median %d, most %d%n",
        ROUNDS,
        all.size(),
        millisToAnswer.get(millisToAnswer.size() / 2),
        millisToAnswer.getLast());
    if (System.getProperty("rounds") != null) {
      assertThat(millisToAnswer.getLast())
          .as("milliseconds from the start to the first read, seed %d", seed)
          .isLessThan(MOST_MILLIS_TO_ANSWER);
    }
  }

  /** Those of the last round, and some or all of the others. */
  private static void check(
      ServerProcess server, List<Written> all, boolean every, Random random, String where)
      throws EndedException, ToolFailure {
    List<Written> earlier = new ArrayList<>(all);
    if (!every) {
      Collections.shuffle(earlier, random);
      earlier = earlier.subList(0, Math.min(SAMPLED, earlier.size()));
      earlier.add(all.getLast());
    }
    for (Written written : earlier) {
      written.check(server, where);
    }
    for (Written written : all.reversed()) {
      if (!written.answered().isEmpty()) {
        written.answerAgain(server, where);
        return;
      }
    }
  }

  /**
   * Lets callers write for a moment and kills the server.
   *
   * @param spoken whether the moment begins when the model has answered
   * @return what it had acknowledged to them
   */
  private static List<Written> writeUntilKilled(ServerProcess server, Random random, boolean spoken)
      throws InterruptedException {
    List<CrashWriter> writers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      CrashWriter writer = new CrashWriter(server, new Random(random.nextLong()));
      writers.add(writer);
      threads.add(Thread.ofPlatform().start(writer));
    }
    for (CrashWriter writer : writers) {
      writer.awaitFirstAnswer();
    }
    if (spoken) {
      writers.getFirst().awaitDialogue();
    }
    Thread.sleep(random.nextInt(3_000));
    server.kill();
    for (Thread thread : threads) {
      thread.join();
    }
    List<Written> written = new ArrayList<>();
    for (CrashWriter writer : writers) {
      assertThat(writer.failures()).isEmpty();
      written.addAll(writer.written());
    }
    return written;
  }
}
