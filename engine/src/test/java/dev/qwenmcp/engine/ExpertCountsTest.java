package dev.qwenmcp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.EngineOptions.Drafting;
import dev.qwenmcp.engine.EngineOptions.KernelChoice;
import dev.qwenmcp.engine.batch.SchedulerOptions;
import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.kv.CacheScope;
import dev.qwenmcp.engine.kv.KvType;
import dev.qwenmcp.engine.sample.SamplerSettings;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.testmodel.RandomModel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExpertCountsTest {
  private static final int WRITTEN = 24;
  private static final int MOST_ROUNDS = 1_000;

  private final Arena arena = Arena.ofShared();
  private final List<Engine> engines = new ArrayList<>();

  @AfterEach
  void close() {
    engines.forEach(Engine::close);
    arena.close();
  }

  private Engine engine(ModelShape shape, KernelChoice kernels) throws IOException {
    Engine engine =
        Engine.open(
            RandomModel.of(shape, GgmlType.Q8_0, 7).open(arena),
            new EngineOptions(kernels, 2, KvType.Q8_0, 0, 64, Drafting.NONE)
                .withScheduling(new SchedulerOptions(4, 4)));
    engines.add(engine);
    return engine;
  }

  private static ExpertCounts run(Engine engine, SessionOptions options, int[] prompt) {
    ExpertCounts counts = new ExpertCounts(engine.experts().orElseThrow());
    try (Session session = engine.newSession(options.withExperts(counts))) {
      GenerationResult result =
          session.generate(
              new GenerationRequest(
                  prompt, SamplerSettings.GREEDY, WRITTEN, Duration.ofMinutes(1), List.of(), null),
              TokenListener.NONE,
              new Cancellation());
      assertThat(result.finishReason()).isEqualTo(FinishReason.LENGTH);
    }
    return counts;
  }

  private static int[] prompt(int seed, int length) {
    return new Random(seed).ints(length, 0, 200).toArray();
  }

  @Test
  void eachComputedTokenIsCountedWithItsExpertsInEachLayer() throws IOException {
    Engine engine = engine(ModelShape.mixture(), KernelChoice.AUTO);
    ExpertCounts counts = run(engine, SessionOptions.UNCACHED, prompt(1, 100)); // long and short

    ExpertGrid grid = counts.grid();
    assertThat(counts.byLayer()).hasDimensions(grid.layers(), grid.experts());
    for (int[] layer : counts.byLayer()) {
      // The last token that was drawn is not computed.
      assertThat(Arrays.stream(layer).sum()).isEqualTo((100 + WRITTEN - 1) * grid.used());
    }
  }

  @Test
  void allKernelsCountTheSame() throws IOException {
    int[] prompt = prompt(2, 70);
    ExpertCounts java =
        run(engine(ModelShape.mixture(), KernelChoice.JAVA), SessionOptions.UNCACHED, prompt);
    ExpertCounts best =
        run(engine(ModelShape.mixture(), KernelChoice.AUTO), SessionOptions.UNCACHED, prompt);

    assertThat(best.byLayer()).isDeepEqualTo(java.byLayer());
    assertThat(Arrays.stream(java.byLayer()[0]).filter(count -> count > 0).count())
        .as("experts that were chosen")
        .isGreaterThan(java.grid().used());
  }

  @Test
  void eachSessionCountsItsOwnTokensWhereTheyAreComputedTogether() throws Exception {
    Engine engine = engine(ModelShape.mixture(), KernelChoice.AUTO);
    List<int[][]> alone = new ArrayList<>();
    for (int s = 0; s < 3; s++) {
      alone.add(run(engine, SessionOptions.UNCACHED, prompt(s, 10 + s)).byLayer());
    }
    // Whether short passes meet depends on how threads are scheduled: again until some did.
    for (int round = 0; round < MOST_ROUNDS && !passesWereShared(engine); round++) {
      int[][][] together = together(engine);
      for (int s = 0; s < 3; s++) {
        assertThat(together[s]).isDeepEqualTo(alone.get(s));
      }
    }
    assertThat(passesWereShared(engine)).as("passes were shared").isTrue();
  }

  private static boolean passesWereShared(Engine engine) {
    return engine.load().shortMembers() > engine.load().shortPasses();
  }

  private static int[][][] together(Engine engine) throws InterruptedException {
    int[][][] together = new int[3][][];
    CountDownLatch begin = new CountDownLatch(1);
    List<Thread> threads =
        IntStream.range(0, 3)
            .mapToObj(s ->
                Thread.ofPlatform()
                    .start(() -> {
                      awaitQuietly(begin);
                      together[s] =
                          run(engine, SessionOptions.UNCACHED, prompt(s, 10 + s)).byLayer();
                    }))
            .toList();
    begin.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    return together;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatTheCacheKnowsIsNotCountedAgain() throws IOException {
    Engine engine = engine(ModelShape.mixture(), KernelChoice.AUTO);
    SessionOptions cached = SessionOptions.LOCAL.withScope(CacheScope.LOCAL);
    int[] prompt = prompt(3, 130);
    run(engine, cached, prompt);
    ExpertCounts again = run(engine, cached, prompt);

    assertThat(Arrays.stream(again.byLayer()[0]).sum())
        .isLessThan(130 * again.grid().used())
        .isGreaterThanOrEqualTo((1 + WRITTEN - 1) * again.grid().used());
  }

  @Test
  void aDenseModelHasNone() throws IOException {
    assertThat(engine(ModelShape.dense(), KernelChoice.AUTO).experts()).isEmpty();
  }
}
