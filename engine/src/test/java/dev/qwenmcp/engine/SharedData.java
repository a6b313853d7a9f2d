package dev.qwenmcp.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * Test data that is not part of the repository: the folder of system property {@code shared.dir},
 * {@code ../shared} beside the repository by default.
 *
 * <p>Where it is absent, tests that ask for it are skipped with a line on standard error; with
 * environment variable {@code CI=true} they fail, so that a green build has run them.
 */
public final class SharedData {
  private SharedData() {}

  /** The file or folder at {@code relative}; skips (in CI: fails) the calling test without it. */
  public static Path require(String relative) {
    Path path = root().resolve(relative);
    if (Files.exists(path)) {
      return path;
    }
    String message =
        "*** SKIPPED: no test data at "
            + path
            + "; set -Dshared.dir=FOLDER to the folder that holds "
            + relative;
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError(message.replace("SKIPPED", "MISSING"));
    }
    System.err.println(message);
    Assumptions.abort(message);
    throw new AssertionError("unreachable");
  }

  private static Path root() {
    return Path.of(System.getProperty("shared.dir", "../../shared")).toAbsolutePath().normalize();
  }
}
