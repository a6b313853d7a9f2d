package dev.qwenmcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.testmodel.RandomModel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FinalStateTest {
  private static final Arena ARENA = Arena.ofShared();
  private static Engine engine;

  @BeforeAll
  static void open() throws IOException {
    engine =
        Engine.open(
            RandomModel.of(ModelShape.mixture().withContext(200), GgmlType.Q8_0, 7).open(ARENA),
            EngineOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    engine.close();
    ARENA.close();
  }

  private static int[] prompt(int length, int seed) {
    int[] ids = new int[length];
    for (int i = 0; i < length; i++) {
      ids[i] = (seed + 7 * i) % 200;
    }
    return ids;
  }

  private static float[] state(SessionOptions options, int[] prompt) {
    try (Session session = engine.newSession(options)) {
      FinalState state = session.state(prompt, new Cancellation());
      assertThat(state.usage().promptTokens()).isEqualTo(prompt.length);
      return state.vector();
    }
  }

  @Test
  void isTheSameBitsColdCachedAndInCompany() throws Exception {
    for (int length : new int[] {5, 31, 150}) {
      int[] prompt = prompt(length, length);
      float[] cold = state(SessionOptions.UNCACHED, prompt);
      assertThat(cold).hasSize(engine.width());
      assertThat(state(SessionOptions.LOCAL, prompt)).isEqualTo(cold);
      assertThat(state(SessionOptions.LOCAL, prompt)).isEqualTo(cold);
      assertThat(state(SessionOptions.LOCAL, prompt(length, length + 1))).isNotEqualTo(cold);
    }
    float[] alone = state(SessionOptions.UNCACHED, prompt(9, 3));
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      List<Future<float[]>> together = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        boolean logits = i % 2 == 0;
        together.add(
            pool.submit(() -> {
              if (logits) { // passes that want something else go on beside
                try (Session session = engine.newSession(SessionOptions.UNCACHED)) {
                  session.appendWithLogits(prompt(9, 3), (_, _) -> {});
                }
              }
              return state(SessionOptions.UNCACHED, prompt(9, 3));
            }));
      }
      for (Future<float[]> each : together) {
        assertThat(each.get()).isEqualTo(alone);
      }
    }
  }

  @Test
  void canBeCancelledAndHasBounds() {
    try (Session session = engine.newSession(SessionOptions.UNCACHED)) {
      Cancellation cancelled = new Cancellation();
      cancelled.cancel();
      assertThatThrownBy(() -> session.state(prompt(100, 1), cancelled))
          .isInstanceOf(CancellationException.class);
      assertThatThrownBy(() -> session.state(prompt(201, 1), new Cancellation()))
          .isInstanceOf(ContextOverflowException.class);
    }
  }
}
