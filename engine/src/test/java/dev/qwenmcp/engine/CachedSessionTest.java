package dev.qwenmcp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.EngineOptions.KernelChoice;
import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.kv.CacheScope;
import dev.qwenmcp.engine.kv.KvType;
import dev.qwenmcp.engine.sample.SamplerSettings;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.testmodel.RandomModel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What sessions take from the cache, what they leave there, and what they say of it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CachedSessionTest {
  @TempDir private Path folder;
  private final Arena arena = Arena.ofShared();
  private Engine engine;

  @BeforeEach
  void open() throws IOException {
    engine =
        Engine.open(
            RandomModel.of(ModelShape.mixture().withContext(1024), GgmlType.Q8_0, 7).open(arena),
            new EngineOptions(KernelChoice.AUTO, 1, KvType.Q8_0, 0, 64)
                .withCache(CacheOptions.IN_MEMORY.withDirectory(folder)));
  }

  @AfterEach
  void close() {
    engine.close();
    arena.close();
  }

  private static int[] prompt(int length, long seed) {
    return new Random(seed).ints(length, 0, 256).toArray();
  }

  private static int[] concat(int[] a, int... b) {
    return IntStream.concat(IntStream.of(a), IntStream.of(b)).toArray();
  }

  private static GenerationResult generate(Session session, int[] prompt, int maxTokens) {
    return session.generate(
        new GenerationRequest(
            prompt, SamplerSettings.GREEDY, maxTokens, Duration.ofMinutes(1), List.of(), null),
        TokenListener.NONE,
        new Cancellation());
  }

  private GenerationResult once(SessionOptions options, int[] prompt, int maxTokens) {
    try (Session session = engine.newSession(options)) {
      return generate(session, prompt, maxTokens);
    }
  }

  private void audit() {
    assertThat(engine.cache().audit(List.of())).isEmpty();
  }

  @Test
  void aPromptIsReadOnceUpToTheTokenThatDiffers() {
    int[] document = prompt(300, 1);
    int[] question = concat(Arrays.copyOf(document, 280), prompt(20, 2));
    GenerationResult cold = once(SessionOptions.UNCACHED, question, 10);
    assertThat(cold.usage().cachedTokens()).isZero();
    assertThat(once(SessionOptions.LOCAL, document, 0).usage().cachedTokens()).isZero();
    GenerationResult warm = once(SessionOptions.LOCAL, question, 10);
    assertThat(warm.tokens()).isEqualTo(cold.tokens());
    assertThat(warm.usage().promptTokens()).isEqualTo(300);
    assertThat(warm.usage().cachedTokens()).isEqualTo(256); // four full pages
    assertThat(warm.usage().restoredTokens()).isZero();
    audit();
  }

  @Test
  void whatWasGeneratedIsPartOfTheNextPrompt() {
    int[] prompt = prompt(100, 3);
    List<Integer> answer = once(SessionOptions.LOCAL, prompt, 200).tokens();
    int[] next = concat(concat(prompt, answer.stream().mapToInt(i -> i).toArray()), prompt(30, 4));
    GenerationResult warm = once(SessionOptions.LOCAL, next, 20);
    // 299 tokens were computed: all but the last one drawn.
    assertThat(warm.usage().cachedTokens()).isEqualTo(256);
    assertThat(warm.tokens()).isEqualTo(once(SessionOptions.UNCACHED, next, 20).tokens());
    audit();
  }

  @Test
  void aSessionThatGoesOnTakesWhatOthersComputedMeanwhile() {
    int[] document = prompt(400, 5);
    try (Session session = engine.newSession()) {
      generate(session, Arrays.copyOf(document, 100), 0);
      once(SessionOptions.LOCAL, document, 0);
      GenerationResult result = generate(session, Arrays.copyOfRange(document, 100, 400), 10);
      assertThat(result.usage().cachedTokens()).isEqualTo(384);
      assertThat(result.tokens()).isEqualTo(once(SessionOptions.UNCACHED, document, 10).tokens());
    }
    audit();
  }

  @Test
  void aRestartedEngineReadsThePromptBackFromDisk() throws IOException {
    int[] document = prompt(300, 6);
    List<Integer> expected = once(SessionOptions.LOCAL, document, 5).tokens();
    engine.close();
    open();
    Usage restored = once(SessionOptions.LOCAL, document, 5).usage();
    assertThat(restored.cachedTokens()).isEqualTo(256);
    assertThat(restored.restoredTokens()).isEqualTo(256);
    GenerationResult warm = once(SessionOptions.LOCAL, document, 5);
    assertThat(warm.usage().cachedTokens()).isEqualTo(256);
    assertThat(warm.usage().restoredTokens()).isZero();
    assertThat(warm.tokens()).isEqualTo(expected);
    audit();
  }

  @Test
  void aPromptIsOnDiskSoonAfterItWasRead() throws IOException {
    once(SessionOptions.LOCAL, prompt(200, 7), 0);
    assertThat(engine.cache().flush(Duration.ofSeconds(20))).isTrue();
    try (Engine other =
            Engine.open(
                RandomModel.of(ModelShape.mixture().withContext(1024), GgmlType.Q8_0, 7)
                    .open(arena),
                new EngineOptions(KernelChoice.JAVA, 1, KvType.Q8_0, 0, 64)
                    .withCache(CacheOptions.IN_MEMORY.withDirectory(folder)));
        Session session = other.newSession()) {
      assertThat(generate(session, prompt(200, 7), 0).usage().restoredTokens()).isEqualTo(192);
    }
  }

  @Test
  void scopesShareNothing() {
    SessionOptions ours = SessionOptions.LOCAL.withScope(new CacheScope("a"));
    int[] document = prompt(200, 8);
    once(ours, document, 0);
    assertThat(once(SessionOptions.LOCAL, document, 0).usage().cachedTokens()).isZero();
    assertThat(
            once(SessionOptions.LOCAL.withScope(new CacheScope("b")), document, 0)
                .usage()
                .cachedTokens())
        .isZero();
    assertThat(once(ours, document, 0).usage().cachedTokens()).isEqualTo(192);
  }

  @Test
  void aSessionWithoutTheCacheLeavesNothingBehind() {
    once(SessionOptions.UNCACHED, prompt(200, 9), 5);
    assertThat(once(SessionOptions.LOCAL, prompt(200, 9), 5).usage().cachedTokens()).isZero();
    audit();
  }

  @Test
  void scoringSharesPromptsAndSaysWhatItCost() {
    int[] document = prompt(200, 10);
    List<int[]> continuations = List.of(prompt(3, 11), prompt(60, 12));
    double[] expected;
    try (Session session = engine.newSession(SessionOptions.UNCACHED)) {
      expected = session.score(document, continuations, new Cancellation()).logProbabilities();
    }
    once(SessionOptions.LOCAL, document, 0);
    try (Session session = engine.newSession()) {
      Scores scores = session.score(document, continuations, new Cancellation());
      assertThat(scores.logProbabilities()).isEqualTo(expected);
      assertThat(scores.usage().promptTokens()).isEqualTo(200);
      assertThat(scores.usage().cachedTokens()).isEqualTo(192);
      assertThat(scores.usage().generatedTokens()).isZero();
    }
    audit();
  }

  @Test
  void aForkCopiesNoPageUntilItWrites() {
    int[] document = prompt(300, 13);
    try (Session session = engine.newSession()) {
      generate(session, document, 0);
      long before = engine.cacheStatistics().usedPages();
      try (Session fork = session.fork()) {
        assertThat(engine.cacheStatistics().usedPages()).isEqualTo(before);
        generate(fork, prompt(3, 14), 0);
        assertThat(engine.cacheStatistics().usedPages()).isEqualTo(before + 1);
      }
    }
    audit();
  }
}
