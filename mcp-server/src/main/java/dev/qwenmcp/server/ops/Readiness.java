package dev.qwenmcp.server.ops;

import dev.qwenmcp.server.model.ModelHost;
import dev.qwenmcp.server.model.ModelInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Whether a server can be given calls, and if not, why.
 *
 * <p>Everybody may ask, so the reasons name no paths and no contents, and the checks are made once
 * a second at most.
 */
public final class Readiness {
  private static final Duration KEPT = Duration.ofSeconds(1);

  private final List<Check> checks;
  private final InstantSource clock;
  private Instant until = Instant.MIN;
  private List<String> troubles = List.of();

  /** One thing that must be well. */
  @FunctionalInterface
  public interface Check {
    /** What is wrong, for people; empty if nothing is. */
    Optional<String> trouble();
  }

  public Readiness(List<Check> checks, InstantSource clock) {
    this.checks = List.copyOf(checks);
    this.clock = clock;
  }

  /** Why the server is not ready; empty if it is. */
  public synchronized List<String> troubles() {
    Instant now = clock.instant();
    if (!now.isBefore(until)) {
      List<String> found = new ArrayList<>();
      checks.forEach(check -> check.trouble().ifPresent(found::add));
      troubles = List.copyOf(found);
      until = now.plus(KEPT);
    }
    return troubles;
  }

  /** The default model answers, or will when it is first asked. */
  public static Check defaultModel(ModelHost models) {
    return () ->
        models.models().stream()
            .filter(ModelInfo::isDefault)
            .findFirst()
            .flatMap(model ->
                switch (model.state()) {
                  case READY, AVAILABLE -> Optional.empty();
                  case LOADING ->
                      Optional.of("the default model " + model.name() + " is being loaded");
                  case FAILED ->
                      Optional.of(
                          "the default model %s cannot be loaded; list_models says why"
                              .formatted(model.name()));
                });
  }

  /**
   * A folder takes what is written to it.
   *
   * @param leastBytes that must be free
   */
  public static Check room(String what, Path folder, long leastBytes) {
    return () -> {
      try {
        if (!Files.isWritable(folder)) {
          return Optional.of("the folder of " + what + " cannot be written to");
        }
        return Files.getFileStore(folder).getUsableSpace() < leastBytes
            ? Optional.of(
                "the disk of %s has less than %d MiB left".formatted(what, leastBytes >> 20))
            : Optional.empty();
      } catch (IOException e) {
        return Optional.of("the folder of " + what + " cannot be looked at");
      }
    };
  }

  /** Something answers, whatever it says. */
  public static Check answers(String what, Callable<?> question) {
    return () -> {
      try {
        question.call();
        return Optional.empty();
      } catch (Exception e) {
        return Optional.of(what + " cannot be read; the server's log says why");
      }
    };
  }
}
