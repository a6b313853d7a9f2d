package dev.qwenmcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.KvType;
import dev.qwenmcp.engine.model.ModelConfig;
import dev.qwenmcp.engine.model.RopeScaling;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.testmodel.RandomModel;
import java.io.IOException;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
  private static final long GIB = 1L << 30;
  private static final int LIMIT = 40_960;

  /** Qwen3-30B-A3B in Q4_K_M: 17.3 GiB of weights. */
  private static MemoryPlan plan(double totalGib, double freeGib, KvType type, long limit) {
    return new MemoryPlan(
        new MachineMemory((long) (totalGib * GIB), (long) (freeGib * GIB)),
        (long) (17.3 * GIB),
        GIB / 10,
        new KvLayout(type, 48, 4, 128),
        limit);
  }

  @Test
  void thirtyBillionParametersFitInto23GibWithAContextOf8k() throws IOException {
    MemoryPlan plan = plan(23.4, 22.5, KvType.Q8_0, 0);
    assertThat(plan.context("30b", 8192, LIMIT)).isEqualTo(8192);
    assertThat(plan.context("30b", 0, LIMIT)).isEqualTo(LIMIT);
    // Weights, budget and what else is needed stay within what is available.
    assertThat(plan.needed(0) + plan.kvBudget()).isLessThanOrEqualTo(plan.machine().available());
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheFiguresAndARemedy() {
    assertThatThrownBy(() -> plan(23.4, 20, KvType.F16, 0).context("30b", 32_768, LIMIT))
        .isInstanceOf(ModelMemoryException.class)
        .hasMessageContaining("30b with a context of 32768 tokens needs 21.9 GiB")
        .hasMessageContaining("17.3 GiB of weights")
        .hasMessageContaining("3.0 GiB of keys and values as F16")
        .hasMessageContaining("The machine has 23.4 GiB, of which 20.0 GiB are available")
        .hasMessageContaining("Choose a context of at most 12")
        .hasMessageContaining("as Q8_0");
    assertThatThrownBy(() -> plan(16, 15, KvType.Q8_0, 0).context("30b", 0, LIMIT))
        .isInstanceOf(ModelMemoryException.class)
        .hasMessageContaining("choose a smaller model")
        .hasMessageNotContaining("Choose a context");
  }

  @Test
  void withoutAWishTheContextIsWhatMemoryHolds() throws IOException {
    MemoryPlan plan = plan(20, 19.5, KvType.Q8_0, 0);
    int context = plan.context("30b", 0, LIMIT);
    assertThat(context).isBetween(MemoryPlan.LEAST_CONTEXT, LIMIT - 1);
    assertThat(plan.needed(context)).isLessThanOrEqualTo(plan.machine().available());
    assertThat(plan.context("30b", context, LIMIT)).isEqualTo(context);
  }

  @Test
  void keysAndValuesLeaveHalfOfTheMemoryToOthers() {
    MemoryPlan plan =
        new MemoryPlan(
            new MachineMemory(64 * GIB, 60 * GIB), GIB, 0, new KvLayout(KvType.Q8_0, 8, 4, 64), 0);
    assertThat(plan.kvBudget()).isEqualTo(30 * GIB);
  }

  @Test
  void theUsersLimitCountsWhateverTheMachineHas() throws IOException {
    assertThat(plan(16, 15, KvType.Q8_0, GIB).context("30b", 8192, LIMIT)).isEqualTo(8192);
    assertThatThrownBy(() -> plan(64, 60, KvType.Q8_0, GIB / 4).context("30b", 8192, LIMIT))
        .isInstanceOf(ModelMemoryException.class)
        .hasMessageContaining("limited to 256 MiB");
  }

  @Test
  void workingMemoryOfTheLargestModelIsSmall() {
    ModelConfig config =
        new ModelConfig(
            "qwen3moe",
            48,
            2048,
            32,
            4,
            128,
            new ModelConfig.Experts(128, 8, 768),
            151_936,
            LIMIT,
            1e-6f,
            1e6,
            new RopeScaling.None());
    assertThat(MemoryPlan.scratch(config, 512)).isBetween(50L << 20, 150L << 20);
  }

  @Test
  void aContextThatDoesNotFitIsRefusedBeforeAnythingIsComputed() throws IOException {
    ModelShape shape = ModelShape.dense().withContext(1 << 20);
    CacheOptions oneMebibyte = CacheOptions.IN_MEMORY.withMemory(1 << 20);
    try (Arena arena = Arena.ofShared()) {
      assertThatThrownBy(() ->
              Engine.open(
                  RandomModel.of(shape, GgmlType.F32, 1).open(arena),
                  new EngineOptions(EngineOptions.KernelChoice.JAVA, 1, KvType.Q8_0, 1 << 20, 64)
                      .withCache(oneMebibyte)))
          .isInstanceOf(ModelMemoryException.class)
          .hasMessageContaining("Choose a context of at most");
      try (Engine engine =
          Engine.open(
              RandomModel.of(shape, GgmlType.F32, 1).open(arena),
              new EngineOptions(EngineOptions.KernelChoice.JAVA, 1, KvType.Q8_0, 0, 64)
                  .withCache(oneMebibyte))) {
        assertThat(engine.contextTokens()).isBetween(MemoryPlan.LEAST_CONTEXT, (1 << 20) - 1);
      }
    }
  }

  @Test
  void theMachineHasMemory() {
    MachineMemory now = MachineMemory.now();
    assertThat(now.available()).isBetween(1L << 20, now.total());
  }
}
