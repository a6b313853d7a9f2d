package dev.qwenmcp.server.bench;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.GenerationRequest;
import dev.qwenmcp.engine.GenerationResult;
import dev.qwenmcp.engine.LockstepDecoding;
import dev.qwenmcp.engine.Session;
import dev.qwenmcp.engine.SessionOptions;
import dev.qwenmcp.engine.TokenListener;
import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.sample.SamplerSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * This program's engine, through its public API.
 *
 * <p>What stands before a measured part is computed once for each depth; every run works on a fork
 * of it. Sessions do without the engine's cache, so no prompt is spared.
 */
public final class OwnEngine implements Contender {
  private static final Duration LONG_ENOUGH = Duration.ofHours(2);

  /** Seeds that are tried until the model writes as many tokens as are timed. */
  private static final int MOST_SEEDS = 16;

  /** Seeds of the prompts begin here, above those of other tokens. */
  private static final long FIRST_PROMPT = 1L << 32;

  private final Engine engine;
  private final RandomTokens ids;
  private Session before; // the tokens before the measured part; null for none
  private int depth;
  private int prompts; // measured so far

  private OwnEngine(Engine engine) {
    this.engine = engine;
    this.ids = RandomTokens.of(engine.tokenizer());
  }

  /**
   * Loads a model.
   *
   * @param options used as they are
   */
  public static OwnEngine open(GgufFile file, EngineOptions options) throws BenchException {
    try {
      return new OwnEngine(Engine.open(file, options));
    } catch (IOException e) {
      throw new BenchException(e.getMessage(), e);
    }
  }

  /** What computes. */
  public String kernels() {
    return engine.kernels();
  }

  /** What the contenders are given to read. */
  public RandomTokens ids() {
    return ids;
  }

  @Override
  public List<String> settings() {
    return List.of(Measurement.OWN);
  }

  @Override
  public boolean can(Workload workload) {
    return workload.positions() <= engine.contextTokens();
  }

  @Override
  public double seconds(String setting, Workload workload) {
    try (Session session = at(workload.depth())) {
      return switch (workload) {
        case Workload.Prompt prompt -> promptSeconds(session, prompt);
        case Workload.Generation alone when alone.sequences() == 1 ->
            generationSeconds(session, alone);
        case Workload.Generation together -> lockstepSeconds(session, together);
      };
    }
  }

  private double promptSeconds(Session session, Workload.Prompt prompt) {
    int[] unread = ids.first(prompt.tokens(), FIRST_PROMPT + prompts++);
    Usage usage = generate(session, unread, new int[0]).usage();
    if (usage.cachedTokens() > prompt.depth()) {
      throw new IllegalStateException(
          usage.cachedTokens() + " tokens were not computed, only " + prompt.depth() + " may be");
    }
    return usage.promptSeconds();
  }

  /**
   * Tokens are drawn as is recommended for the model. The first one is drawn from the prompt's
   * logits, so one more is drawn than passes are timed.
   */
  private double generationSeconds(Session session, Workload.Generation generation) {
    int wanted = generation.steps() + 1;
    for (long seed = 0; seed < MOST_SEEDS; seed++) {
      try (Session alone = session.fork()) {
        GenerationResult result =
            generate(
                alone, ids.prompt(1), SamplerSettings.qwen3(ThinkingMode.OFF, seed), wanted, null);
        if (result.tokens().size() == wanted) {
          return result.usage().generateSeconds();
        }
      }
    }
    throw new IllegalStateException(
        "the model ended its text before "
            + wanted
            + " tokens with each of "
            + MOST_SEEDS
            + " seeds");
  }

  private double lockstepSeconds(Session session, Workload.Generation generation) {
    generate(session, ids.prompt(1), new int[0]);
    int[][] tokens =
        IntStream.range(0, generation.sequences())
            .mapToObj(s -> ids.generation(generation.steps(), s))
            .toArray(int[][]::new);
    try (LockstepDecoding decoding = session.lockstep(generation.sequences())) {
      long start = System.nanoTime();
      for (int i = 0; i < generation.steps(); i++) {
        int step = i;
        decoding.step(
            IntStream.range(0, generation.sequences()).map(s -> tokens[s][step]).toArray());
      }
      return (System.nanoTime() - start) * 1e-9;
    }
  }

  /** Reads a prompt and draws exactly these tokens. */
  static GenerationResult generate(Session session, int[] prompt, int[] drawn) {
    return generate(
        session, prompt, drawn.length, drawn.length == 0 ? null : new ForcedTokens(drawn));
  }

  /** Reads a prompt and draws so many tokens. */
  static GenerationResult generate(
      Session session, int[] prompt, int tokens, TokenConstraint constraint) {
    return generate(session, prompt, SamplerSettings.GREEDY, tokens, constraint);
  }

  private static GenerationResult generate(
      Session session,
      int[] prompt,
      SamplerSettings settings,
      int tokens,
      TokenConstraint constraint) {
    return session.generate(
        new GenerationRequest(prompt, settings, tokens, LONG_ENOUGH, List.of(), constraint),
        TokenListener.NONE,
        new Cancellation());
  }

  private Session at(int wanted) {
    if (wanted == 0) {
      return engine.newSession(SessionOptions.UNCACHED);
    }
    if (before == null || depth != wanted) {
      forget();
      before = engine.newSession(SessionOptions.UNCACHED);
      generate(before, ids.depth(wanted), new int[0]);
      depth = wanted;
    }
    return before.fork();
  }

  private void forget() {
    if (before != null) {
      before.close();
      before = null;
    }
  }

  @Override
  public void close() {
    forget();
    engine.close();
  }
}
