package dev.qwenmcp.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteDriverTest {
  @TempDir private Path folder;

  /** Opens a database and is killed. */
  public static final class Killed {
    public static void main(String[] args) throws Exception {
      try (Connection open = SqliteDriver.open(":memory:")) {
        assertThat(open.isValid(1)).isTrue();
        Runtime.getRuntime().halt(7);
      }
    }
  }

  private static List<String> names(Path in) throws IOException {
    try (Stream<Path> files = Files.walk(in)) {
      return files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).toList();
    }
  }

  @Test
  void aKilledProcessLeavesNoLibraryInTheFolderForTemporaryFiles() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    Path caches = Files.createDirectory(folder.resolve("caches"));
    for (int start = 0; start < 2; start++) {
      ProcessBuilder builder =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-XX:+UseSerialGC",
                  "-XX:-UsePerfData",
                  "-Djava.io.tmpdir=" + temporary,
                  "-cp",
                  System.getProperty("java.class.path"),
                  Killed.class.getName())
              .inheritIO();
      builder.environment().put("XDG_CACHE_HOME", caches.toString());
      Process process = builder.start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(7);
    }
    assertThat(names(temporary)).isEmpty();
    assertThat(names(caches)).singleElement().asString().contains("sqlitejdbc");
  }
}
