package dev.qwenmcp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.TensorInfo;
import dev.qwenmcp.engine.kernel.Kernels;
import dev.qwenmcp.engine.kernel.ReferenceKernels;
import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.KvType;
import dev.qwenmcp.engine.kv.PageMemory;
import dev.qwenmcp.engine.kv.PagePool;
import dev.qwenmcp.engine.model.ModelConfig;
import dev.qwenmcp.engine.model.QwenModel;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.testmodel.RandomModel;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final long GB = 1_000_000_000;

  private static GgufFile file(ModelShape shape) throws IOException {
    return RandomModel.of(shape, GgmlType.Q8_0, 1).open(Arena.ofAuto());
  }

  private static TensorInfo tensor(String name, double gigabytes) {
    return new TensorInfo(name, GgmlType.Q8_0, List.of(32L, 1L), 0, 0, (long) (gigabytes * GB));
  }

  private static float[][] logits(Engine engine) {
    List<float[]> logits = new ArrayList<>();
    try (Session session = engine.newSession()) {
      session.appendWithLogits(new int[] {5, 3, 8, 1}, (_, row) -> logits.add(row.clone()));
    }
    return logits.toArray(float[][]::new);
  }

  @Test
  void leavesNothingBehindAndChangesNothing() throws Exception {
    for (ModelShape shape : List.of(ModelShape.dense(), ModelShape.mixture())) {
      try (Engine cold = Engine.open(file(shape), EngineOptions.DEFAULT);
          Engine warm = Engine.openWarm(file(shape), EngineOptions.DEFAULT, new Cancellation())) {
        assertThat(cold.warmUpTokens()).isZero();
        assertThat(warm.warmUpTokens()).isPositive();
        assertThat(warm.load()).isEqualTo(cold.load());
        assertThat(warm.cacheStatistics().usedPages()).isZero();
        assertThat(warm.cacheStatistics().askedTokens()).isZero();
        assertThat(warm.auditAtRest()).isEmpty();
        assertThat(Arrays.deepEquals(logits(warm), logits(cold))).isTrue();
      }
    }
  }

  /** What is given to a warm-up of a mixture, computed by the reference kernels. */
  private static int run(Kernels kernels, int context, int most, Cancellation cancellation)
      throws IOException {
    try (GgufFile file = file(ModelShape.mixture());
        QwenModel model = QwenModel.load(file, kernels, 64)) {
      ModelConfig config = model.config();
      KvLayout layout =
          new KvLayout(KvType.Q8_0, config.layers(), config.kvHeads(), config.headDim());
      try (PagePool pool = new PagePool(layout, layout.pageBytes(), PageMemory.JAVA)) {
        BpeTokenizer tokenizer = BpeTokenizer.of(file.metadata());
        int computed = new WarmUp(model, pool, tokenizer, context).run(most, cancellation);
        assertThat(pool.pagesInUse()).isZero();
        return computed;
      }
    }
  }

  @Test
  void computesNoMoreThanItMayAndGivesAllPagesBack() throws Exception {
    try (Kernels kernels = ReferenceKernels.quantised(1)) {
      for (int context : new int[] {1, 2, 3, 64}) {
        for (int most : new int[] {0, 1, 2, 3, 11, 12, 13, 40, 200}) {
          assertThat(run(kernels, context, most, new Cancellation()))
              .isBetween(Math.min(most, 1), most);
        }
      }
    }
  }

  @Test
  void aCancellationEndsItBeforeTheNextLayer() throws Exception {
    try (Kernels kernels = ReferenceKernels.quantised(1)) {
      Cancellation cancellation = new Cancellation();
      AtomicInteger layers = new AtomicInteger();
      Kernels cancelling =
          (Kernels)
              Proxy.newProxyInstance(
                  Kernels.class.getClassLoader(),
                  new Class<?>[] {Kernels.class},
                  (_, method, arguments) -> {
                    if (method.getName().equals("attend") && layers.incrementAndGet() == 3) {
                      cancellation.cancel();
                    }
                    return method.getName().equals("pageMemory")
                        ? PageMemory.JAVA
                        : method.invoke(kernels, arguments);
                  });
      run(cancelling, 64, 200, cancellation);
      assertThat(layers).hasValue(3);
    }
  }

  @Test
  void aCancelledOneComputesNothing() throws Exception {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    try (Engine engine =
        Engine.openWarm(file(ModelShape.mixture()), EngineOptions.DEFAULT, cancellation)) {
      assertThat(engine.warmUpTokens()).isZero();
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
