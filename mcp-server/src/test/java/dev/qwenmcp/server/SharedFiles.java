package dev.qwenmcp.server;

import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Test data that is no part of the repository. */
public final class SharedFiles {
  private SharedFiles() {}

  /**
   * A file or folder below the directory that the system property {@code shared.dir} names.
   *
   * <p>Where it is missing the test is skipped with a message, or fails if {@code CI} is set.
   */
  public static Path require(String path) {
    Path file = Path.of(System.getProperty("shared.dir", "../../shared")).resolve(path);
    if (!Files.exists(file)) {
      String message = "TEST DATA MISSING: " + file.toAbsolutePath() + "; set -Dshared.dir=DIR";
      if ("true".equals(System.getenv("CI"))) {
        fail(message);
      }
      System.err.println(message + "; skipped");
      Assumptions.abort(message);
    }
    return file;
  }
}
