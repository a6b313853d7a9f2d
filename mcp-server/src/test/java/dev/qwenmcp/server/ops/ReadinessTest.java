package dev.qwenmcp.server.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadinessTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-28T12:00:00Z"));

  @TempDir private Path folder;

  @Test
  void tellsAllThatIsWrongAndLooksOnceASecond() {
    AtomicInteger looks = new AtomicInteger();
    AtomicReference<Optional<String>> trouble = new AtomicReference<>(Optional.of("no model"));
    Readiness readiness =
        new Readiness(
            List.of(
                () -> {
                  looks.incrementAndGet();
                  return trouble.get();
                },
                () -> Optional.of("no room")),
            now::get);

    assertThat(readiness.troubles()).containsExactly("no model", "no room");
    trouble.set(Optional.empty());
    assertThat(readiness.troubles()).containsExactly("no model", "no room");
    assertThat(looks).hasValue(1);
    now.set(now.get().plusSeconds(1));
    assertThat(readiness.troubles()).containsExactly("no room");
  }

  @Test
  void foldersAndStoresAreLookedAtWithoutNamingPaths() {
    assertThat(Readiness.room("the data", folder, 1).trouble()).isEmpty();
    assertThat(Readiness.room("the data", folder, Long.MAX_VALUE).trouble().orElseThrow())
        .contains("the disk of the data has less than")
        .doesNotContain(folder.toString());
    assertThat(Readiness.room("the data", folder.resolve("none"), 1).trouble().orElseThrow())
        .contains("cannot be written to")
        .doesNotContain(folder.toString());
    assertThat(Readiness.answers("contexts", () -> 1).trouble()).isEmpty();
    assertThat(
            Readiness.answers(
                    "contexts",
                    () -> {
                      throw new IllegalStateException("/secret/path");
                    })
                .trouble()
                .orElseThrow())
        .contains("contexts")
        .doesNotContain("secret");
  }
}
