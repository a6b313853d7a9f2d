package dev.qwenmcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.qwenmcp.engine.EngineOptions.Drafting;
import dev.qwenmcp.engine.EngineOptions.KernelChoice;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SessionTest {
  private static final Arena ARENA = Arena.ofShared();
  private static Engine engine;

  @BeforeAll
  static void open() throws IOException {
    engine =
        Engine.open(
            RandomModel.of(ModelShape.mixture().withContext(200), GgmlType.Q8_0, 7).open(ARENA),
            new EngineOptions(KernelChoice.AUTO, 2, KvType.Q8_0, 0, 64));
  }

  @AfterAll
  static void close() {
    engine.close();
    ARENA.close();
  }

  private static int[] prompt(int length, long seed) {
    return new Random(seed).ints(length, 0, 256).toArray();
  }

  private static GenerationRequest request(int[] prompt, SamplerSettings sampling, int maxTokens) {
    return new GenerationRequest(
        prompt, sampling, maxTokens, Duration.ofMinutes(1), List.of(), null);
  }

  private static GenerationResult generate(Session session, GenerationRequest request) {
    return session.generate(request, TokenListener.NONE, new Cancellation());
  }

  private static List<float[]> logits(int[] tokens) {
    List<float[]> all = new ArrayList<>();
    try (Session session = engine.newSession()) {
      session.appendWithLogits(tokens, (_, values) -> all.add(values.clone()));
    }
    return all;
  }

  @Test
  void greedyFollowsTheLogits() {
    int[] prompt = prompt(20, 1);
    List<Integer> tokens;
    try (Session session = engine.newSession()) {
      tokens = generate(session, request(prompt, SamplerSettings.GREEDY, 10)).tokens();
      assertThat(session.tokens()).hasSize(30).endsWith(tokens.toArray(Integer[]::new));
    }
    int[] all = Arrays.copyOf(prompt, 30);
    for (int i = 0; i < 10; i++) {
      all[20 + i] = tokens.get(i);
    }
    List<float[]> logits = logits(all);
    for (int i = 0; i < 10; i++) {
      assertThat(argmax(logits.get(19 + i))).isEqualTo(tokens.get(i));
    }
  }

  @Test
  void aSeedGivesTheSameTokensHoweverThePromptIsSplit() {
    int[] prompt = prompt(150, 2);
    SamplerSettings sampling = SamplerSettings.GREEDY.withTemperature(1).withSeed(5);
    try (Session whole = engine.newSession();
        Session split = engine.newSession()) {
      GenerationResult expected = generate(whole, request(prompt, sampling, 20));
      for (int i = 0; i < 149; i += 37) {
        int[] part = Arrays.copyOfRange(prompt, i, Math.min(149, i + 37));
        generate(split, request(part, sampling, 0));
      }
      int[] last = {prompt[149]};
      assertThat(generate(split, request(last, sampling, 20)).tokens())
          .isEqualTo(expected.tokens());
      assertThat(expected.usage().promptTokens()).isEqualTo(150);
    }
  }

  @Test
  void aForkContinuesAsTheOriginalWould() {
    try (Session session = engine.newSession()) {
      generate(session, request(prompt(70, 3), SamplerSettings.GREEDY, 5));
      try (Session fork = session.fork()) {
        GenerationResult a = generate(fork, request(prompt(3, 4), SamplerSettings.GREEDY, 8));
        GenerationResult other = generate(fork, request(prompt(9, 5), SamplerSettings.GREEDY, 8));
        GenerationResult b = generate(session, request(prompt(3, 4), SamplerSettings.GREEDY, 8));
        assertThat(b.tokens()).isEqualTo(a.tokens());
        assertThat(other.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(b.usage().cachedTokens()).isEqualTo(74);
      }
    }
  }

  @Test
  void guessingAheadChangesNoToken() throws IOException {
    Engine plain =
        Engine.open(
            RandomModel.of(ModelShape.mixture().withContext(200), GgmlType.Q8_0, 7).open(ARENA),
            new EngineOptions(KernelChoice.AUTO, 1, KvType.Q8_0, 0, 64, Drafting.NONE));
    int right = 0;
    for (int i = 0; i < 8; i++) {
      // Few different tokens and a low temperature: texts that repeat themselves.
      int[] prompt = new Random(i).ints(60, 0, 4).toArray();
      SamplerSettings sampling =
          SamplerSettings.GREEDY.withTemperature(i % 2 == 0 ? 0 : 0.3f).withSeed(i);
      try (Session a = engine.newSession();
          Session b = plain.newSession()) {
        GenerationResult expected = generate(b, request(prompt, sampling, 100));
        GenerationResult found = generate(a, request(prompt, sampling, 100));
        assertThat(found.tokens()).isEqualTo(expected.tokens());
        assertThat(found.text()).isEqualTo(expected.text());
        assertThat(expected.guesses().made()).isZero();
        right += found.guesses().right();
        assertThat(generate(a, request(prompt(5, i), sampling, 10)).tokens())
            .isEqualTo(generate(b, request(prompt(5, i), sampling, 10)).tokens());
      }
    }
    plain.close();
    assertThat(right).isPositive();
  }

  @Test
  void guessingAheadChangesNoTokenUnderAGrammar() throws IOException {
    Engine plain =
        Engine.open(
            RandomModel.of(ModelShape.mixture().withContext(200), GgmlType.Q8_0, 7).open(ARENA),
            new EngineOptions(KernelChoice.AUTO, 1, KvType.Q8_0, 0, 64, Drafting.NONE));
    // Runs of letters without a choice, repetitions, and places with many choices.
    TokenGrammar grammar =
        Grammar.regex("(\\{\"name\": \"[a-d]{1,6}\", \"size\": [0-9]{1,3}\\}[ ,;.]){3,}")
            .over(TokenTrie.of(engine.tokenizer()));
    int right = 0;
    for (int i = 0; i < 8; i++) {
      SamplerSettings sampling =
          i == 0
              ? SamplerSettings.GREEDY
              : SamplerSettings.GREEDY
                  .withTemperature(0.5f * i)
                  .withTopK(i % 2 == 0 ? 0 : 5)
                  .withPresencePenalty(i % 3)
                  .withSeed(i);
      try (Session a = engine.newSession();
          Session b = plain.newSession()) {
        GenerationResult expected = generate(b, constrained(i, sampling, grammar));
        GenerationResult found = generate(a, constrained(i, sampling, grammar));
        assertThat(found.tokens()).isEqualTo(expected.tokens());
        assertThat(found.text()).isEqualTo(expected.text());
        assertThat(found.finishReason()).isEqualTo(expected.finishReason());
        right += found.guesses().right();
      }
    }
    plain.close();
    assertThat(right).isGreaterThan(100);
  }

  private static GenerationRequest constrained(
      int seed, SamplerSettings sampling, TokenGrammar grammar) {
    return new GenerationRequest(
        prompt(30, seed),
        sampling,
        150,
        Duration.ofMinutes(1),
        List.of(),
        grammar.constraint(engine.tokenizer().eos()));
  }

  @Test
  void truncatedTokensAreForgotten() {
    try (Session session = engine.newSession();
        Session fresh = engine.newSession()) {
      generate(session, request(prompt(90, 6), SamplerSettings.GREEDY, 20));
      session.truncate(65);
      int[] tail = prompt(10, 7);
      int[] all = Arrays.copyOf(Arrays.copyOf(prompt(90, 6), 65), 75);
      System.arraycopy(tail, 0, all, 65, 10);
      assertThat(generate(session, request(tail, SamplerSettings.GREEDY, 10)).tokens())
          .isEqualTo(generate(fresh, request(all, SamplerSettings.GREEDY, 10)).tokens());
      assertThatThrownBy(() -> session.truncate(1000)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void scoresAreTheLogLikelihoodsOfTheContinuations() {
    int[] prompt = prompt(30, 8);
    List<int[]> continuations =
        List.of(prompt(1, 9), prompt(5, 10), prompt(40, 11), prompt(30, 12));
    try (Session session = engine.newSession()) {
      double[] scores = session.score(prompt, continuations, new Cancellation()).logProbabilities();
      for (int c = 0; c < scores.length; c++) {
        int[] ids = continuations.get(c);
        int[] all = Arrays.copyOf(prompt, 30 + ids.length);
        System.arraycopy(ids, 0, all, 30, ids.length);
        List<float[]> logits = logits(all);
        double expected = 0;
        for (int i = 0; i < ids.length; i++) {
          expected += logProbability(logits.get(29 + i), ids[i]);
        }
        assertThat(scores[c]).isCloseTo(expected, within(1e-9));
      }
      assertThat(session.tokens()).hasSize(30);
    }
  }

  @Test
  void promptThatDoesNotFitChangesNothing() {
    try (Session session = engine.newSession()) {
      generate(session, request(prompt(20, 13), SamplerSettings.GREEDY, 0));
      assertThatThrownBy(
              () -> generate(session, request(prompt(181, 14), SamplerSettings.GREEDY, 1)))
          .isInstanceOf(ContextOverflowException.class)
          .hasMessageContaining("201")
          .hasMessageContaining("200");
      assertThat(session.tokens()).hasSize(20);
      GenerationResult result =
          generate(session, request(prompt(180, 14), SamplerSettings.GREEDY, 1));
      assertThat(result.finishReason()).isEqualTo(FinishReason.CONTEXT_FULL);
    }
  }

  @Test
  void generationStopsAtItsBounds() {
    try (Session session = engine.newSession()) {
      GenerationRequest noTime =
          new GenerationRequest(
              prompt(9, 15), SamplerSettings.GREEDY, 10, Duration.ZERO, List.of(), null);
      assertThat(generate(session, noTime).finishReason()).isEqualTo(FinishReason.TIME);
      Cancellation cancelled = new Cancellation();
      cancelled.cancel();
      assertThat(
              session
                  .generate(
                      request(prompt(1, 1), SamplerSettings.GREEDY, 10),
                      TokenListener.NONE,
                      cancelled)
                  .finishReason())
          .isEqualTo(FinishReason.CANCELLED);
      assertThat(generate(session, request(new int[0], SamplerSettings.GREEDY, 3)).finishReason())
          .isEqualTo(FinishReason.LENGTH);
    }
  }

  @Test
  void cancellationEndsWithinOneToken() {
    Cancellation cancellation = new Cancellation();
    TokenListener cancelAtThird =
        (_, generated) -> {
          if (generated == 3) {
            cancellation.cancel();
          }
        };
    try (Session session = engine.newSession()) {
      GenerationResult result =
          session.generate(
              request(prompt(9, 16), SamplerSettings.GREEDY, 100), cancelAtThird, cancellation);
      assertThat(result.finishReason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(result.tokens()).hasSize(3);
    }
  }

  @Test
  void stopStringsAreCutFromTheText() {
    try (Session session = engine.newSession();
        Session again = engine.newSession()) {
      String text = generate(session, request(prompt(12, 17), SamplerSettings.GREEDY, 30)).text();
      String stop = text.substring(5, 7);
      GenerationResult result =
          generate(
              again,
              new GenerationRequest(
                  prompt(12, 17),
                  SamplerSettings.GREEDY,
                  30,
                  Duration.ofMinutes(1),
                  List.of(stop),
                  null));
      assertThat(result.finishReason()).isEqualTo(FinishReason.STOP);
      assertThat(result.text()).isEqualTo(text.substring(0, text.indexOf(stop)));
    }
  }

  @Test
  void unknownTokensAndEmptyPromptsAreRefused() {
    try (Session session = engine.newSession()) {
      assertThatThrownBy(
              () -> generate(session, request(new int[] {1 << 30}, SamplerSettings.GREEDY, 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("vocabulary");
      assertThatThrownBy(() -> generate(session, request(new int[0], SamplerSettings.GREEDY, 1)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(session.tokens()).isEmpty();
    }
  }

  @Test
  void sessionsOfManyThreadsDoNotMixUp() throws InterruptedException {
    List<List<Integer>> expected = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      try (Session session = engine.newSession()) {
        expected.add(
            generate(session, request(prompt(40 + i, i), SamplerSettings.GREEDY, 30)).tokens());
      }
    }
    List<List<Integer>> found = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int index = i;
      found.add(null);
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try (Session session = engine.newSession()) {
                  found.set(
                      index,
                      generate(
                              session,
                              request(prompt(40 + index, index), SamplerSettings.GREEDY, 30))
                          .tokens());
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void keysThatDoNotFitTheirTypeAreRefusedWithTheRemedy() throws IOException {
    ModelShape shape = ModelShape.dense().withHeads(4, 2, 40);
    assertThatThrownBy(() ->
            Engine.open(RandomModel.of(shape, GgmlType.F32, 1).open(ARENA), EngineOptions.DEFAULT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("choose F16");
    EngineOptions f16 = new EngineOptions(KernelChoice.AUTO, 1, KvType.F16, 0, 64);
    try (Engine other = Engine.open(RandomModel.of(shape, GgmlType.F32, 1).open(ARENA), f16);
        Session session = other.newSession()) {
      assertThat(generate(session, request(prompt(70, 1), SamplerSettings.GREEDY, 2)).tokens())
          .hasSize(2);
    }
  }

  @Test
  void aClosedEngineFailsItsSessionsAndForgivesTheirClosing() throws IOException {
    Engine other =
        Engine.open(
            RandomModel.of(ModelShape.dense(), GgmlType.F32, 1).open(ARENA), EngineOptions.DEFAULT);
    Session session = other.newSession();
    generate(session, request(prompt(3, 1), SamplerSettings.GREEDY, 1));
    other.close();
    assertThatThrownBy(() -> generate(session, request(prompt(3, 1), SamplerSettings.GREEDY, 1)))
        .isInstanceOf(IllegalStateException.class);
    session.close();
  }

  private static int argmax(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  private static double logProbability(float[] logits, int token) {
    double sum = 0;
    for (float v : logits) {
      sum += Math.exp(v);
    }
    return logits[token] - Math.log(sum);
  }
}
