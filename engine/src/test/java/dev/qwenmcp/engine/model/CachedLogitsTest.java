package dev.qwenmcp.engine.model;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.SharedData;
import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.ModelIdentity;
import dev.qwenmcp.engine.kernel.Kernels;
import dev.qwenmcp.engine.kernel.KvBatch;
import dev.qwenmcp.engine.kernel.TestKernels;
import dev.qwenmcp.engine.kv.CacheScope;
import dev.qwenmcp.engine.kv.CachedPrefix;
import dev.qwenmcp.engine.kv.KvCache;
import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.KvOrigin;
import dev.qwenmcp.engine.kv.KvType;
import dev.qwenmcp.engine.kv.PageCost;
import dev.qwenmcp.engine.kv.PagePool;
import dev.qwenmcp.engine.kv.SequencePages;
import dev.qwenmcp.engine.kv.disk.DiskTier;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.testmodel.RandomModel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Logits of the next token are the same bits whether everything before it is computed, found in
 * memory, read back from disk, shared by a fork, or computed again after it was evicted.
 */
class CachedLogitsTest {
  private static final CacheScope SCOPE = CacheScope.LOCAL;

  @TempDir private Path folder;

  /** A model with a cache, as a process has it. */
  private static final class Run implements AutoCloseable {
    private final QwenModel model;
    private final PagePool pool;
    private final KvCache cache;

    Run(GgufFile file, Kernels kernels, KvType type, int pages, Path data) throws IOException {
      model = QwenModel.load(file, kernels, 128);
      ModelConfig config = model.config();
      KvLayout layout = new KvLayout(type, config.layers(), config.kvHeads(), config.headDim());
      pool = new PagePool(layout, pages * layout.pageBytes());
      KvOrigin origin = new KvOrigin(ModelIdentity.of(file), config.toString(), layout, "", "test");
      cache =
          new KvCache(
              pool, origin, new PageCost(1e-3, 1e-6, 1e-3), new DiskTier(data, layout, 1L << 30));
    }

    CachedPrefix find(int[] tokens) {
      return cache.match(SCOPE, tokens, tokens.length - 1);
    }

    /** Logits after the last token; passes of random lengths compute what is not known. */
    float[] logits(int[] tokens, Random random) {
      CachedPrefix found = find(tokens);
      try (SequencePages pages = found.pages()) {
        return compute(tokens, found.tokens(), pages, random);
      }
    }

    float[] compute(int[] tokens, int from, SequencePages pages, Random random) {
      float[][] logits = new float[1][];
      int computed = from;
      while (computed < tokens.length) {
        int count = Math.min(1 + random.nextInt(128), tokens.length - computed);
        int end = computed + count;
        pages.prepare(computed, end);
        ForwardPass pass =
            model.start(
                Arrays.copyOfRange(tokens, computed, end),
                new KvBatch(
                    pool.layout(),
                    new int[count],
                    IntStream.range(computed, end).toArray(),
                    List.of(pages)));
        while (!pass.done()) {
          pass.nextLayer();
        }
        computed = end;
        cache.publish(SCOPE, (a, b) -> Arrays.copyOfRange(tokens, a, b), pages, computed);
        pass.logits(
            new int[] {count - 1}, (_, last) -> logits[0] = last.values().toArray(JAVA_FLOAT));
      }
      return logits[0];
    }

    @Override
    public void close() {
      cache.close();
      model.close();
      pool.close();
    }
  }

  @Test
  void nanoSaysTheSameHoweverItRemembers() throws IOException {
    try (GgufFile file = GgufFile.open(SharedData.require("models/nano-Q8_0.gguf"))) {
      assertSameBits(file, KvType.Q8_0, 900, 3);
    }
  }

  @Test
  void aRandomMixtureSaysTheSameHoweverItRemembers() throws IOException {
    try (Arena arena = Arena.ofShared()) {
      GgufFile file =
          RandomModel.of(ModelShape.mixture().withContext(1024), GgmlType.Q4_K, 5).open(arena);
      assertSameBits(file, KvType.F16, 600, 4);
    }
  }

  private void assertSameBits(GgufFile file, KvType type, int length, long seed)
      throws IOException {
    Random random = new Random(seed);
    int[] document = random.ints(length, 0, 250).toArray();
    int[] second = document.clone();
    second[length / 2] = 3;
    List<int[]> all = new ArrayList<>(List.of(document, second, Arrays.copyOf(document, 200)));
    List<float[]> expected = new ArrayList<>();
    try (Kernels kernels = TestKernels.NATIVE_ONE_THREAD.open()) {
      for (int[] tokens : all) {
        Path apart = folder.resolve("cold" + expected.size());
        try (Run cold = new Run(file, kernels, type, 100, apart)) {
          assertThat(cold.find(tokens).tokens()).isZero();
          expected.add(cold.logits(tokens, random));
        }
      }
    }
    try (Kernels kernels = TestKernels.NATIVE_TWO_THREADS.open()) {
      int pages = length / 64 + 4;
      try (Run run = new Run(file, kernels, type, pages, folder)) {
        for (int i = 0; i < all.size(); i++) {
          assertThat(run.logits(all.get(i), random)).isEqualTo(expected.get(i));
          CachedPrefix warm = run.find(all.get(i));
          assertThat(warm.tokens()).isGreaterThan(all.get(i).length - 66);
          try (SequencePages fork = warm.pages().fork()) {
            assertThat(run.compute(all.get(i), warm.tokens(), fork, random))
                .as("fork")
                .isEqualTo(expected.get(i));
          }
          assertThat(run.compute(all.get(i), warm.tokens(), warm.pages(), random))
              .as("warm")
              .isEqualTo(expected.get(i));
          warm.pages().close();
        }
        for (int step = 0; step < 20; step++) {
          int i = random.nextInt(all.size());
          if (random.nextInt(3) == 0) {
            run.cache.evictAll();
          }
          assertThat(run.logits(all.get(i), random)).as("step " + step).isEqualTo(expected.get(i));
        }
        assertThat(run.cache.audit(List.of())).isEmpty();
      }
      try (Run restarted = new Run(file, kernels, type, pages, folder)) {
        for (int i = 0; i < all.size(); i++) {
          CachedPrefix found = restarted.find(all.get(i));
          assertThat(found.tokens()).isGreaterThan(all.get(i).length - 66);
          assertThat(i == 0 ? found.restoredTokens() : found.tokens()).isEqualTo(found.tokens());
          assertThat(restarted.compute(all.get(i), found.tokens(), found.pages(), random))
              .as("restored")
              .isEqualTo(expected.get(i));
          found.pages().close();
        }
      }
    }
  }
}
