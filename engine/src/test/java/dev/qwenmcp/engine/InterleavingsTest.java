package dev.qwenmcp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.EngineOptions.Drafting;
import dev.qwenmcp.engine.EngineOptions.KernelChoice;
import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.kv.CacheScope;
import dev.qwenmcp.engine.kv.KvType;
import dev.qwenmcp.engine.sample.SamplerSettings;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.testmodel.RandomModel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever sessions do in whatever order, with pages shared, evicted, taken away, written and read
 * back, and with others in the same passes or before them in the queue: the logits of the next
 * token are the bits of a cold run, and at rest every page has the holders that are known.
 *
 * <p>{@code -Dinterleavings=1000} for the long run.
 */
class InterleavingsTest {
  private static final int INTERLEAVINGS = Integer.getInteger("interleavings", 150);
  private static final int OPERATIONS = 12;
  private static final int CONTEXT = 400;
  private static final int MOST_SESSIONS = 4;

  /** Room for two sessions: pages go all the time, and some must wait for others to end. */
  private static final int PAGES = 16;

  @TempDir private Path folder;
  private final Arena arena = Arena.ofShared();
  private Engine cold;

  @BeforeEach
  void open() throws IOException {
    cold = Engine.open(model(), options(1, Drafting.NONE));
  }

  @AfterEach
  void close() {
    cold.close();
    arena.close();
  }

  private GgufFile model() {
    ModelShape shape = ModelShape.mixture().withLayers(2).withContext(CONTEXT);
    return RandomModel.of(shape, GgmlType.Q8_0, 11).open(arena);
  }

  private static EngineOptions options(int threads, Drafting drafting) {
    return new EngineOptions(KernelChoice.AUTO, threads, KvType.Q8_0, 0, 64, drafting);
  }

  @Test
  void noInterleavingChangesABit() throws IOException {
    for (int i = 0; i < INTERLEAVINGS; i++) {
      try (Interleaving run = new Interleaving(i)) {
        run.play();
      }
    }
  }

  /** One random course of events. */
  private final class Interleaving implements AutoCloseable {
    private final long seed;
    private final Random random;
    private final List<Session> sessions = new ArrayList<>();
    private final int[][] documents = new int[2][];
    private String events = "";
    private Engine engine;

    Interleaving(long seed) throws IOException {
      this.seed = seed;
      this.random = new Random(seed);
      for (int d = 0; d < documents.length; d++) {
        // Few different tokens: texts that repeat themselves, so that guesses are made.
        documents[d] = random.ints(220, 0, d == 0 ? 3 : 250).toArray();
      }
      start();
    }

    private void start() throws IOException {
      long pageBytes = cold.cacheStatistics().pageBytes();
      engine =
          Engine.open(
              model(),
              options(1 + random.nextInt(2), Drafting.LOOKUP)
                  .withCache(
                      new CacheOptions(PAGES * pageBytes, folder.resolve("run" + seed), 1L << 30)));
    }

    void play() throws IOException {
      for (int i = 0; i < OPERATIONS; i++) {
        step();
        audit();
      }
    }

    private void step() throws IOException {
      int kind = random.nextInt(10);
      if (sessions.isEmpty() || kind < 2 && sessions.size() < MOST_SESSIONS) {
        CacheScope scope = random.nextInt(4) == 0 ? new CacheScope("other") : CacheScope.LOCAL;
        sessions.add(engine.newSession(SessionOptions.LOCAL.withScope(scope)));
        generate(sessions.getLast(), prompt(), random.nextInt(3) == 0 ? 20 : 0);
        return;
      }
      Session session = sessions.get(random.nextInt(sessions.size()));
      switch (kind) {
        case 2 -> {
          events += " fork";
          if (sessions.size() < MOST_SESSIONS) {
            sessions.add(session.fork());
          }
          check(sessions.getLast());
        }
        case 3 -> {
          int length = random.nextInt(session.tokens().size() + 1);
          events += " truncate " + length;
          session.truncate(length);
          check(session);
        }
        case 4 -> {
          events += " evict";
          engine.cache().evictAll();
          check(session);
        }
        case 5 -> restart();
        case 6 -> {
          events += " append";
          if (session.tokens().size() < 300) {
            session.appendWithLogits(random.ints(20, 0, 250).toArray(), (_, _) -> {});
          }
          check(session);
        }
        case 7 -> together();
        case 8 -> {
          events += " close";
          sessions.remove(session);
          session.close();
        }
        default -> generate(session, prompt(random.nextInt(40)), random.nextInt(40));
      }
    }

    /** Part of a document, and something else behind it. */
    private int[] prompt() {
      int[] document = documents[random.nextInt(documents.length)];
      int[] begin = Arrays.copyOf(document, 1 + random.nextInt(document.length));
      return IntStream.concat(IntStream.of(begin), IntStream.of(prompt(random.nextInt(10))))
          .toArray();
    }

    private int[] prompt(int length) {
      return random.ints(length, 0, 250).toArray();
    }

    private GenerationRequest request(int[] prompt, int maxTokens) {
      return new GenerationRequest(
          prompt, SamplerSettings.GREEDY, maxTokens, Duration.ofMinutes(1), List.of(), null);
    }

    private void generate(Session session, int[] prompt, int maxTokens) {
      events += " generate " + prompt.length + "+" + maxTokens;
      int[] all = concat(tokens(session), prompt);
      if (all.length == 0 || all.length + maxTokens > CONTEXT) {
        return;
      }
      List<Integer> found = run(session, request(prompt, maxTokens));
      check(found, all, maxTokens);
      check(session);
    }

    private List<Integer> run(Session session, GenerationRequest request) {
      return session.generate(request, TokenListener.NONE, new Cancellation()).tokens();
    }

    /** All sessions and some new ones generate at once, while pages are evicted. */
    private void together() {
      events += " together";
      List<Session> some = new ArrayList<>(sessions);
      List<int[]> before = new ArrayList<>();
      List<CompletableFuture<List<Integer>>> results = new ArrayList<>();
      for (Session session : some) {
        int[] prompt = session.tokens().isEmpty() ? prompt() : prompt(random.nextInt(30));
        int[] all = concat(tokens(session), prompt);
        before.add(all);
        CompletableFuture<List<Integer>> result = new CompletableFuture<>();
        results.add(result);
        if (all.length + 25 > CONTEXT) {
          result.complete(null);
          continue;
        }
        Thread.ofPlatform()
            .start(() -> {
              try {
                result.complete(run(session, request(prompt, 25)));
              } catch (RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
      }
      engine.cache().evictAll();
      CompletableFuture.allOf(results.toArray(CompletableFuture[]::new)).join();
      for (int i = 0; i < some.size(); i++) {
        if (results.get(i).join() != null) {
          check(results.get(i).join(), before.get(i), 25);
        }
      }
      some.forEach(this::check);
    }

    private void restart() throws IOException {
      events += " restart";
      closeAll();
      engine.close();
      start();
    }

    /** The logits after the session's tokens are those of a cold run. */
    private void check(Session session) {
      int[] tokens = tokens(session);
      if (tokens.length >= CONTEXT) {
        return;
      }
      int next = random.nextInt(250);
      float[] found;
      try (Session fork = session.fork()) {
        found = last(fork, next);
      }
      try (Session fresh = cold.newSession(SessionOptions.UNCACHED)) {
        assertThat(found).as(this::toString).isEqualTo(last(fresh, concat(tokens, next)));
      }
    }

    private static float[] last(Session session, int... tokens) {
      float[][] last = new float[1][];
      session.appendWithLogits(tokens, (_, logits) -> last[0] = logits.clone());
      return last[0];
    }

    /** The tokens are those that a cold run draws. */
    private void check(List<Integer> found, int[] before, int maxTokens) {
      try (Session fresh = cold.newSession(SessionOptions.UNCACHED)) {
        assertThat(found).as(this::toString).isEqualTo(run(fresh, request(before, maxTokens)));
      }
    }

    private void audit() {
      assertThat(engine.cache().audit(sessions.stream().map(Session::pages).toList()))
          .as(this::toString)
          .isEmpty();
    }

    private void closeAll() {
      sessions.forEach(Session::close);
      sessions.clear();
    }

    private static int[] tokens(Session session) {
      return session.tokens().stream().mapToInt(Integer::intValue).toArray();
    }

    private static int[] concat(int[] a, int... b) {
      return IntStream.concat(IntStream.of(a), IntStream.of(b)).toArray();
    }

    @Override
    public String toString() {
      return "interleaving " + seed + ":" + events;
    }

    @Override
    public void close() {
      closeAll();
      engine.close();
    }
  }
}
