package dev.qwenmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.GenerationRequest;
import dev.qwenmcp.engine.Session;
import dev.qwenmcp.engine.batch.SchedulerOptions;
import dev.qwenmcp.engine.sample.SamplerSettings;
import dev.qwenmcp.server.model.EmbeddedModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a call hears when as many run and wait as may. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BusyModelTest {
  @Test
  void aCallTooManySaysWhenToComeAgainAndWritesNothing() throws Exception {
    EngineOptions options = EngineOptions.DEFAULT.withScheduling(new SchedulerOptions(1, 0));
    try (Engine engine = Engine.open(EmbeddedModel.open(), options)) {
      Workbench bench = new Workbench();
      bench.models.with("narrow", engine);
      CountDownLatch running = new CountDownLatch(1);
      CountDownLatch end = new CountDownLatch(1);
      Thread other = Thread.ofPlatform().start(() -> occupy(engine, running, end));
      running.await();
      String context =
          bench.open.call(new OpenContext.Arguments(null, null, null), bench.call).contextId();
      Workbench.assertFails(
          "busy",
          () ->
              bench.generate.call(
                  Asking.of("Who are you?").in(context).model("narrow").arguments(), bench.call),
          "narrow",
          "retry after ",
          " s");
      assertThat(bench.entries(context)).isEmpty();
      end.countDown();
      other.join();
      assertThat(
              bench
                  .generate
                  .call(
                      Asking.of("Who are you?").in(context).model("narrow").arguments(), bench.call)
                  .text())
          .isNotEmpty();
    }
  }

  /** Generates, and stands still at the first token until it may end. */
  private static void occupy(Engine engine, CountDownLatch running, CountDownLatch end) {
    try (Session session = engine.newSession()) {
      session.generate(
          new GenerationRequest(
              new int[] {1, 2, 3},
              SamplerSettings.GREEDY,
              2,
              Duration.ofMinutes(1),
              List.of(),
              null),
          (_, _) -> {
            running.countDown();
            try {
              end.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          },
          new Cancellation());
    }
  }
}
