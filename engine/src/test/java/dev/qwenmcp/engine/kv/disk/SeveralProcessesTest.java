package dev.qwenmcp.engine.kv.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.kv.CachedPrefix;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that share a data folder, and processes that are killed.
 *
 * <p>Short by default: {@code -Dkv.kills=200} and {@code -Dkv.minutes=10} give the long runs.
 */
class SeveralProcessesTest {
  private static final int KILLS = Integer.getInteger("kv.kills", 5);
  private static final long SHARED_MILLIS =
      Integer.getInteger("kv.minutes") == null ? 2000 : 60_000L * Integer.getInteger("kv.minutes");
  private static final long MEGABYTES = 64L << 20;

  @TempDir private Path folder;

  private Process start(long seed, long millis, long diskBytes) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            CacheProcess.class.getName(),
            folder.toString(),
            Long.toString(seed),
            Long.toString(millis),
            Long.toString(diskBytes))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void whatAKilledProcessHadWrittenIsFoundAndWholeWhateverElseItLeft() throws Exception {
    Random random = new Random(1);
    Set<Integer> acknowledged = new HashSet<>();
    for (int kill = 0; kill < KILLS; kill++) {
      Process child = start(random.nextLong(), 60_000, MEGABYTES);
      try (BufferedReader said = child.inputReader()) {
        // Killed after some documents, in the middle of another.
        for (int i = random.nextInt(8); i >= 0; i--) {
          String line = said.readLine();
          assertThat(line).as("the process failed").isNotNull();
          hear(line, acknowledged);
        }
        Thread.sleep(random.nextInt(20));
        child.toHandle().destroyForcibly(); // leaves the pipe open for what was said before
        said.lines().filter(line -> line.endsWith(".")).forEach(line -> hear(line, acknowledged));
      }
      child.waitFor();
      try (CacheProcess next = new CacheProcess(folder, 60, MEGABYTES)) {
        for (int index : acknowledged) {
          int[] tokens = CacheProcess.shared(index);
          CachedPrefix found = next.read(tokens); // fails where a position is wrong
          assertThat(found.tokens()).isGreaterThanOrEqualTo(tokens.length / 64 * 64);
        }
        assertThat(next.cache.statistics().store().damagedPages()).isZero();
      }
    }
  }

  private static void hear(String line, Set<Integer> acknowledged) {
    acknowledged.add(Integer.parseInt(line.substring(0, line.length() - 1)));
  }

  @Test
  void fourProcessesShareAFolderThatIsTooSmall() throws Exception {
    long budget = 70 * SegmentPages.HEADER.stride();
    List<Process> children = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      children.add(start(i, SHARED_MILLIS, budget));
    }
    for (Process child : children) {
      try (BufferedReader said = child.inputReader()) {
        assertThat(said.lines().count()).isPositive();
      }
      assertThat(child.waitFor()).isZero();
    }
    long segment = budget / 16;
    assertThat(bytes()).isPositive().isLessThanOrEqualTo(budget + 4 * segment);
  }

  private long bytes() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      long sum = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum += Files.size(file);
      }
      return sum;
    }
  }
}
