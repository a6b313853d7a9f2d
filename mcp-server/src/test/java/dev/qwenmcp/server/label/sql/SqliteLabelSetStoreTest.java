package dev.qwenmcp.server.label.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.server.label.LabelExample;
import dev.qwenmcp.server.label.LabelSetException;
import dev.qwenmcp.server.label.LabelSetInfo;
import dev.qwenmcp.server.label.LabelSetLimits;
import dev.qwenmcp.server.label.LabelSetStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLabelSetStoreTest {
  private static final LabelSetLimits SMALL = new LabelSetLimits(2, 3, 5, 200);
  private static final int BATCH = 50;

  @TempDir private Path folder;

  private LabelSetStore open(LabelSetLimits limits) {
    return SqliteLabelSetStore.in(folder, limits, InstantSource.system());
  }

  private static List<LabelExample> batch(int number) {
    return IntStream.range(0, BATCH)
        .mapToObj(i -> new LabelExample("text " + number + " " + i, "label " + i % 5))
        .toList();
  }

  @Test
  void whatWasAddedIsThereAfterwardsForItsPrincipalAlone() throws Exception {
    try (LabelSetStore store = open(LabelSetLimits.DEFAULT)) {
      store.define("me", "s", Map.of("label 0", "the first"), false);
      assertThat(store.add("me", "s", batch(0)).added()).isEqualTo(BATCH);
      assertThat(store.add("me", "s", batch(0)).added()).isZero();
      LabelSetInfo info = store.info("me", "s");
      store.saveVectors(
          info.id(),
          "m",
          Map.of(store.examples(info.id(), "", 0, 1).getFirst().id(), new float[] {1, 2}));
      store.saveClassifier(info.id(), "m", info.revision(), new byte[] {7});
    }
    try (LabelSetStore store = open(LabelSetLimits.DEFAULT);
        LabelSetStore other = open(LabelSetLimits.DEFAULT)) {
      LabelSetInfo info = other.info("me", "s");
      assertThat(info.examples()).isEqualTo(BATCH);
      assertThat(info.labels().getFirst().description()).isEqualTo("the first");
      assertThat(store.vectors(info.id(), "m").values()).containsExactly(new float[] {1, 2});
      assertThat(store.classifier(info.id(), "m", info.revision())).contains(new byte[] {7});
      assertThat(store.list("you")).isEmpty();
      other.add("me", "s", batch(1));
      assertThat(store.info("me", "s").examples()).isEqualTo(2 * BATCH);
      assertThat(store.classifier(info.id(), "m", store.info("me", "s").revision())).isEmpty();
      assertThat(store.delete("you", "s")).isFalse();
      assertThat(store.delete("me", "s")).isTrue();
      assertThat(store.vectors(info.id(), "m")).isEmpty();
    }
  }

  @Test
  void whatGoesBeyondTheLimitsIsNotKeptByHalf() throws Exception {
    try (LabelSetStore store = open(SMALL)) {
      store.add("me", "a", List.of(new LabelExample("x", "1")));
      for (List<LabelExample> tooMuch :
          List.of(
              batch(0).subList(0, 4),
              IntStream.range(0, 6).mapToObj(i -> new LabelExample("t" + i, "1")).toList(),
              List.of(new LabelExample("y".repeat(300), "1")))) {
        assertThatThrownBy(() -> store.add("me", "a", tooMuch))
            .isInstanceOfSatisfying(
                LabelSetException.class,
                e -> assertThat(e.kind()).isEqualTo(LabelSetException.Kind.QUOTA));
      }
      assertThat(store.info("me", "a").examples()).isEqualTo(1);
      assertThat(store.info("me", "a").revision()).isEqualTo(1);
      store.define("me", "b", Map.of(), false);
      assertThatThrownBy(() -> store.define("me", "c", Map.of(), false))
          .hasMessageContaining("label sets");
      store.define("you", "c", Map.of(), false);
    }
  }

  @Test
  void aFileThatIsNoDatabaseOrANewerOneIsNamed() throws Exception {
    Files.writeString(folder.resolve("labels.db"), "this is no database at all ".repeat(100));
    try (LabelSetStore store = open(LabelSetLimits.DEFAULT)) {
      assertThatThrownBy(() -> store.list("me"))
          .isInstanceOfSatisfying(
              LabelSetException.class,
              e -> assertThat(e.kind()).isEqualTo(LabelSetException.Kind.STORAGE))
          .hasMessageContaining("labels.db");
    }
  }

  @Test
  void batchesThatWereAcknowledgedSurviveBeingKilled() throws Exception {
    int acknowledged = 0;
    for (int round = 0; round < 3; round++) {
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Writer.class.getName(),
                  folder.toString(),
                  Integer.toString(acknowledged))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
        for (int i = 0; i < 5; i++) {
          acknowledged = Integer.parseInt(lines.readLine()) + 1;
        }
        child.toHandle().destroyForcibly(); // unlike the process's own, leaves its output readable
        child.waitFor();
        for (String line = lines.readLine(); line != null && !line.isEmpty(); ) {
          acknowledged = Integer.parseInt(line) + 1;
          line = lines.readLine();
        }
      }
      try (LabelSetStore store = open(LabelSetLimits.DEFAULT)) {
        int kept = store.info("me", "s").examples();
        assertThat(kept % BATCH).isZero();
        assertThat(kept / BATCH).isBetween(acknowledged, acknowledged + 1);
        acknowledged = kept / BATCH;
      }
    }
  }

  /** Adds batch after batch and says so, until it is killed. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) throws LabelSetException, IOException {
      LabelSetStore store =
          SqliteLabelSetStore.in(Path.of(args[0]), LabelSetLimits.DEFAULT, InstantSource.system());
      for (int i = Integer.parseInt(args[1]); i < 900; i++) {
        store.add("me", "s", batch(i));
        System.out.write((i + "\n").getBytes(StandardCharsets.UTF_8));
        System.out.flush();
      }
    }
  }
}
