package dev.qwenmcp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.gguf.TensorInfo;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.testmodel.RandomModel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final long GB = 1_000_000_000;

  private static Engine engine(ModelShape shape) throws IOException {
    return Engine.open(
        RandomModel.of(shape, GgmlType.Q8_0, 1).open(Arena.ofAuto()), EngineOptions.DEFAULT);
  }

  private static TensorInfo tensor(String name, double gigabytes) {
    return new TensorInfo(name, GgmlType.Q8_0, List.of(32L, 1L), 0, 0, (long) (gigabytes * GB));
  }

  private static List<float[]> logits(Engine engine) {
    List<float[]> logits = new ArrayList<>();
    try (Session session = engine.newSession(SessionOptions.UNCACHED)) {
      session.appendWithLogits(new int[] {5, 3, 8, 1}, (_, row) -> logits.add(row.clone()));
    }
    return logits;
  }

  @Test
  void leavesNothingBehindAndChangesNothing() throws Exception {
    for (ModelShape shape : List.of(ModelShape.dense(), ModelShape.mixture())) {
      try (Engine cold = engine(shape);
          Engine warm = engine(shape)) {
        warm.warmUp(new Cancellation());

        assertThat(warm.load().longPasses()).isPositive();
        assertThat(warm.load().shortPasses()).isPositive();
        assertThat(warm.load().running()).isZero();
        assertThat(warm.cacheStatistics().usedPages()).isZero();
        assertThat(warm.auditAtRest()).isEmpty();
        assertThat(Arrays.deepEquals(logits(warm).toArray(), logits(cold).toArray())).isTrue();
      }
    }
  }

  @Test
  void doesNothingOnceCancelled() throws Exception {
    try (Engine engine = engine(ModelShape.mixture())) {
      Cancellation cancellation = new Cancellation();
      cancellation.cancel();
      engine.warmUp(cancellation);

      assertThat(engine.load().longPasses() + engine.load().shortPasses()).isZero();
    }
  }

  @Test
  void readsNoMoreThanAFewGigabytes() {
    List<TensorInfo> thirtyBillion =
        List.of(tensor("token_embd.weight", 1.1), tensor("blk.0.ffn_up_exps.weight", 17.4));
    assertThat(WarmUp.tokens(thirtyBillion, 8.0 / 128)).isEqualTo(1);
    assertThat(WarmUp.tokens(List.of(tensor("blk.0.ffn_up.weight", 5)), 1)).isZero();
    assertThat(WarmUp.tokens(List.of(tensor("blk.0.ffn_up.weight", 0.6)), 1)).isGreaterThan(100);
  }
}
