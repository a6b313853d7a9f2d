package dev.qwenmcp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.sample.SamplerSettings;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.testmodel.RandomModel;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EngineAuditTest {
  @Test
  void aSessionThatWasNotClosedIsFound() throws Exception {
    try (Engine engine =
        Engine.open(
            RandomModel.of(ModelShape.dense(), GgmlType.Q8_0, 1).open(Arena.ofAuto()),
            EngineOptions.DEFAULT)) {
      Session session = engine.newSession();
      session.generate(
          new GenerationRequest(
              IntStream.range(0, 100).toArray(),
              SamplerSettings.GREEDY,
              1,
              Duration.ofMinutes(1),
              List.of(),
              null),
          TokenListener.NONE,
          new Cancellation());

      assertThat(engine.auditAtRest()).isNotEmpty();
      session.close();
      assertThat(engine.auditAtRest()).isEmpty();
      assertThat(engine.cacheStatistics().usedPages()).isEqualTo(1); // which the cache knows
    }
  }
}
