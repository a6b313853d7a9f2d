package dev.qwenmcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.EngineOptions.Drafting;
import dev.qwenmcp.engine.EngineOptions.KernelChoice;
import dev.qwenmcp.engine.batch.BusyException;
import dev.qwenmcp.engine.batch.SchedulerOptions;
import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.grammar.Grammar;
import dev.qwenmcp.engine.grammar.TokenGrammar;
import dev.qwenmcp.engine.grammar.TokenTrie;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions of several threads: they share passes, nobody's result changes, nobody is lost. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ConcurrentSessionsTest {
  private final Arena arena = Arena.ofShared();
  private final List<Engine> engines = new ArrayList<>();

  @AfterEach
  void close() {
    engines.forEach(Engine::close);
    arena.close();
  }

  private Engine engine(Drafting drafting, int slots, int queue) throws IOException {
    Engine engine =
        Engine.open(
            RandomModel.of(ModelShape.mixture().withContext(600), GgmlType.Q8_0, 7).open(arena),
            new EngineOptions(KernelChoice.AUTO, 2, KvType.Q8_0, 0, 64, drafting)
                .withScheduling(new SchedulerOptions(slots, queue)));
    engines.add(engine);
    return engine;
  }

  private static GenerationRequest request(int[] prompt, int maxTokens, Duration budget) {
    return new GenerationRequest(
        prompt, SamplerSettings.GREEDY, maxTokens, budget, List.of(), null);
  }

  /** Prompts of all lengths: some repeat themselves, some answers follow a grammar. */
  private static GenerationRequest mixed(int i, Engine engine, TokenGrammar grammar) {
    int length = i % 4 == 3 ? 150 : 20 + i;
    return new GenerationRequest(
        new Random(i).ints(length, 0, i % 3 == 0 ? 256 : 4).toArray(),
        SamplerSettings.GREEDY.withTemperature(i % 2 == 0 ? 0 : 0.5f).withSeed(i),
        80,
        Duration.ofMinutes(2),
        List.of(),
        i % 3 == 0 ? grammar.constraint(engine.tokenizer().eos()) : null);
  }

  private static GenerationResult run(
      Engine engine, GenerationRequest request, Cancellation cancellation, TokenListener listener) {
    try (Session session = engine.newSession()) {
      return session.generate(request, listener, cancellation);
    }
  }

  private static CompletableFuture<GenerationResult> start(
      Engine engine, GenerationRequest request, Cancellation cancellation, TokenListener listener) {
    CompletableFuture<GenerationResult> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            result.complete(run(engine, request, cancellation, listener));
          } catch (RuntimeException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  @Test
  void whateverSharesAPassEachGetsWhatItGetsAlone() throws IOException {
    Engine alone = engine(Drafting.NONE, 1, 0);
    Engine together = engine(Drafting.LOOKUP, 6, 64);
    TokenGrammar grammar =
        Grammar.regex("(\\{\"name\": \"[a-d]{1,6}\", \"size\": [0-9]{1,3}\\}[ ,;.]){3,}")
            .over(TokenTrie.of(alone.tokenizer()));
    List<GenerationResult> expected = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      try (Session session = alone.newSession(SessionOptions.UNCACHED)) {
        expected.add(
            session.generate(mixed(i, alone, grammar), TokenListener.NONE, new Cancellation()));
      }
    }
    List<CompletableFuture<GenerationResult>> found = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      found.add(
          start(together, mixed(i, together, grammar), new Cancellation(), TokenListener.NONE));
    }
    int right = 0;
    for (int i = 0; i < 24; i++) {
      assertThat(found.get(i).join().tokens()).as("%d", i).isEqualTo(expected.get(i).tokens());
      assertThat(found.get(i).join().text()).isEqualTo(expected.get(i).text());
      right += found.get(i).join().guesses().right();
    }
    assertThat(right).isPositive();
    assertThat(together.load().shortMembers()).isGreaterThan(together.load().shortPasses());
    assertThat(together.load().running() + together.load().waiting()).isZero();
    assertThat(together.cache().audit(List.of())).isEmpty();
  }

  /** A generation that stands still after its first token until the latch opens. */
  private static CompletableFuture<GenerationResult> blocking(Engine engine, CountDownLatch latch)
      throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CompletableFuture<GenerationResult> result =
        start(
            engine,
            request(new int[] {1, 2, 3}, 5, Duration.ofMinutes(1)),
            new Cancellation(),
            (_, _) -> {
              running.countDown();
              try {
                latch.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    running.await();
    return result;
  }

  @Test
  void oneTooManyIsTurnedAwayAndItsSessionUnchanged() throws Exception {
    Engine engine = engine(Drafting.LOOKUP, 1, 0);
    CountDownLatch latch = new CountDownLatch(1);
    CompletableFuture<GenerationResult> running = blocking(engine, latch);
    try (Session session = engine.newSession()) {
      GenerationRequest request = request(new int[] {4, 5}, 3, Duration.ofMinutes(1));
      assertThatThrownBy(() -> session.generate(request, TokenListener.NONE, new Cancellation()))
          .isInstanceOf(BusyException.class)
          .hasMessageContaining("running (1) and waiting (0)");
      assertThat(session.tokens()).isEmpty();
      latch.countDown();
      running.join();
      while (engine.load().running() > 0) {
        Thread.onSpinWait();
      }
      assertThat(session.generate(request, TokenListener.NONE, new Cancellation()).tokens())
          .hasSize(3);
    }
  }

  @Test
  void cancellingAndDeadlinesCountWhileWaiting() throws Exception {
    Engine engine = engine(Drafting.LOOKUP, 1, 8);
    CountDownLatch latch = new CountDownLatch(1);
    CompletableFuture<GenerationResult> running = blocking(engine, latch);
    GenerationResult late =
        start(
                engine,
                request(new int[] {4, 5}, 3, Duration.ofMillis(1)),
                new Cancellation(),
                TokenListener.NONE)
            .join();
    assertThat(late.finishReason()).isEqualTo(FinishReason.TIME);
    assertThat(late.usage().promptTokens()).isEqualTo(2);
    Cancellation cancellation = new Cancellation();
    CompletableFuture<GenerationResult> cancelled =
        start(
            engine,
            request(new int[] {4, 5}, 3, Duration.ofMinutes(1)),
            cancellation,
            TokenListener.NONE);
    while (engine.load().waiting() == 0) {
      Thread.onSpinWait();
    }
    cancellation.cancel();
    assertThat(cancelled.join().finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(engine.load().waiting()).isZero();
    latch.countDown();
    assertThat(running.join().tokens()).hasSize(5);
  }

  @Test
  void aCancelledSequenceGivesItsPagesAndItsSlotBack() throws IOException {
    Engine engine = engine(Drafting.LOOKUP, 4, 64);
    List<CompletableFuture<GenerationResult>> results = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Cancellation cancellation = new Cancellation();
      int cancelAt = i % 4 == 0 ? 1000 : 1 + i;
      results.add(
          start(
              engine,
              request(new Random(i).ints(100, 0, 256).toArray(), 60, Duration.ofMinutes(1)),
              cancellation,
              (_, generated) -> {
                if (generated >= cancelAt) {
                  cancellation.cancel();
                }
              }));
    }
    for (int i = 0; i < 12; i++) {
      GenerationResult result = results.get(i).join();
      assertThat(result.finishReason())
          .isEqualTo(i % 4 == 0 ? FinishReason.LENGTH : FinishReason.CANCELLED);
      assertThat(result.tokens().size()).isEqualTo(i % 4 == 0 ? 60 : 1 + i);
    }
    assertThat(engine.cache().audit(List.of())).isEmpty();
    assertThat(engine.cacheStatistics().usedPages())
        .isEqualTo(engine.cacheStatistics().residentPages());
  }

  @Test
  void closingTheEngineEndsWhatRunsAndWhatWaits() throws Exception {
    Engine engine = engine(Drafting.LOOKUP, 2, 8);
    CountDownLatch latch = new CountDownLatch(1);
    List<CompletableFuture<GenerationResult>> all =
        new ArrayList<>(List.of(blocking(engine, latch), blocking(engine, latch)));
    for (int i = 0; i < 3; i++) {
      all.add(
          start(
              engine,
              request(new int[] {1, i}, 5, Duration.ofMinutes(1)),
              new Cancellation(),
              TokenListener.NONE));
    }
    while (engine.load().waiting() < 3) {
      Thread.onSpinWait();
    }
    engine.close();
    latch.countDown();
    for (CompletableFuture<GenerationResult> result : all) {
      assertThatThrownBy(result::join).hasMessageContaining("the engine is closed");
    }
  }

  @Test
  void manyThreadsOpenAskAndCloseWithoutLosingAnything() throws IOException {
    Engine engine = engine(Drafting.LOOKUP, 3, 64);
    List<CompletableFuture<Integer>> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      int thread = t;
      CompletableFuture<Integer> done = new CompletableFuture<>();
      threads.add(done);
      Thread.ofPlatform()
          .start(() -> {
            Random random = new Random(thread);
            int tokens = 0;
            try {
              for (int i = 0; i < 10; i++) {
                SessionOptions options = SessionOptions.LOCAL.withCaller("caller" + thread % 3);
                try (Session session = engine.newSession(options)) {
                  int[] prompt = new Random(random.nextInt(3)).ints(150, 0, 256).toArray();
                  GenerationRequest request =
                      request(prompt, random.nextInt(20), Duration.ofMinutes(1));
                  tokens +=
                      session
                          .generate(request, TokenListener.NONE, new Cancellation())
                          .usage()
                          .promptTokens();
                }
              }
              done.complete(tokens);
            } catch (RuntimeException e) {
              done.completeExceptionally(e);
            }
          });
    }
    threads.forEach(thread -> assertThat(thread.join()).isEqualTo(1500));
    assertThat(engine.cache().audit(List.of())).isEmpty();
  }

  /** So many pages of keys and values for a context of 448 tokens, which takes 7. */
  private Engine tight(int pages, int slots, int queue) throws IOException {
    RandomModel model = RandomModel.of(ModelShape.mixture().withContext(448), GgmlType.Q8_0, 7);
    EngineOptions options =
        new EngineOptions(KernelChoice.AUTO, 2, KvType.Q8_0, 0, 64, Drafting.LOOKUP);
    long pageBytes;
    try (Engine probe = Engine.open(model.open(arena), options)) {
      pageBytes = probe.cacheStatistics().pageBytes();
    }
    Engine engine =
        Engine.open(
            model.open(arena),
            options
                .withCache(CacheOptions.IN_MEMORY.withMemory(pages * pageBytes))
                .withScheduling(new SchedulerOptions(slots, queue)));
    engines.add(engine);
    return engine;
  }

  @Test
  void whereMemoryHasNoRoomForAllTheyWaitAndEachGetsWhatItGetsAlone() throws IOException {
    Engine alone = tight(64, 1, 0);
    Engine together = tight(8, 4, 64);
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      int length = i % 3 == 0 ? 350 : 40 + 5 * i;
      requests.add(
          request(
              new Random(i / 2).ints(length, 0, 4).toArray(),
              i % 5 == 0 ? 1000 : 60,
              Duration.ofMinutes(1)));
    }
    List<GenerationResult> expected = new ArrayList<>();
    for (GenerationRequest request : requests) {
      try (Session session = alone.newSession(SessionOptions.UNCACHED)) {
        expected.add(session.generate(request, TokenListener.NONE, new Cancellation()));
      }
    }
    List<CompletableFuture<GenerationResult>> found = new ArrayList<>();
    for (GenerationRequest request : requests) {
      found.add(start(together, request, new Cancellation(), TokenListener.NONE));
    }
    for (int i = 0; i < requests.size(); i++) {
      assertThat(found.get(i).join().tokens()).as("%d", i).isEqualTo(expected.get(i).tokens());
      assertThat(found.get(i).join().finishReason()).isEqualTo(expected.get(i).finishReason());
    }
    assertThat(together.load().running() + together.load().waiting()).isZero();
    assertThat(together.cache().audit(List.of())).isEmpty();
    assertThat(together.cacheStatistics().evictedPages()).isPositive();
  }

  @Test
  void sessionsAtRestGiveTheirPagesToThoseThatCompute() throws IOException {
    Engine alone = tight(64, 1, 0);
    Engine engine = tight(7, 1, 0); // the longest sequence and not a page more
    try (Session first = engine.newSession();
        Session second = engine.newSession();
        Session uncached = engine.newSession(SessionOptions.UNCACHED);
        Session whole = alone.newSession(SessionOptions.UNCACHED)) {
      int[] prompt = new Random(1).ints(300, 0, 256).toArray();
      int[] other = new Random(2).ints(420, 0, 256).toArray();
      GenerationRequest begin = request(prompt, 20, Duration.ofMinutes(1));
      GenerationRequest goOn = request(new int[] {7}, 20, Duration.ofMinutes(1));
      List<Integer> expected = new ArrayList<>(generate(whole, begin));
      expected.addAll(generate(whole, goOn));
      for (Session session : List.of(first, uncached)) {
        List<Integer> found = new ArrayList<>(generate(session, begin));
        assertThat(generate(second, request(other, 1000, Duration.ofMinutes(1)))).hasSize(28);
        second.truncate(0);
        found.addAll(generate(session, goOn));
        assertThat(found).isEqualTo(expected);
      }
      assertThat(engine.cache().audit(List.of(first.pages(), second.pages(), uncached.pages())))
          .isEmpty();
    }
    assertThat(engine.cache().audit(List.of())).isEmpty();
  }

  private static List<Integer> generate(Session session, GenerationRequest request) {
    return session.generate(request, TokenListener.NONE, new Cancellation()).tokens();
  }

  @Test
  void aLastPageThatIsSharedIsComputedAgainWhereThereIsNoRoomForItsCopy() throws IOException {
    Engine alone = tight(64, 1, 0);
    Engine engine = tight(7, 1, 0);
    int[] whole = new Random(3).ints(448, 0, 256).toArray();
    try (Session session = engine.newSession()) {
      session.appendWithLogits(whole, (_, _) -> {});
    }
    int[] changed = Arrays.copyOf(whole, 447);
    changed[440]++;
    GenerationRequest request = request(changed, 1, Duration.ofMinutes(1));
    try (Session session = engine.newSession();
        Session fresh = alone.newSession(SessionOptions.UNCACHED)) {
      assertThat(generate(session, request)).isEqualTo(generate(fresh, request));
    }
    assertThat(engine.cache().audit(List.of())).isEmpty();
  }

  @Test
  void manyContinuationsAreScoredInAsManyPassesAsMemoryNeeds() throws IOException {
    Engine roomy = tight(400, 1, 0);
    Engine engine = tight(8, 2, 0);
    List<int[]> continuations = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      continuations.add(new Random(i).ints(1 + i % 9, 0, 256).toArray());
    }
    int[] prompt = new Random(9).ints(330, 0, 256).toArray();
    double[] expected;
    try (Session session = roomy.newSession()) {
      expected = session.score(prompt, continuations, new Cancellation()).logProbabilities();
    }
    try (Session session = engine.newSession()) {
      assertThat(session.score(prompt, continuations, new Cancellation()).logProbabilities())
          .isEqualTo(expected);
    }
    assertThat(engine.cache().audit(List.of())).isEmpty();
  }
}
