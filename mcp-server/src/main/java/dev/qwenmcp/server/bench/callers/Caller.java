package dev.qwenmcp.server.bench.callers;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.GenerationRequest;
import dev.qwenmcp.engine.GenerationResult;
import dev.qwenmcp.engine.Session;
import dev.qwenmcp.engine.SessionOptions;
import dev.qwenmcp.engine.TokenListener;
import dev.qwenmcp.engine.sample.SamplerSettings;
import dev.qwenmcp.server.bench.ForcedTokens;
import dev.qwenmcp.server.bench.RandomTokens;
import java.time.Duration;
import java.util.List;

/**
 * One of several who want something of an engine: a prompt of its own read, then tokens of its own
 * drawn. The tokens are forced, so that any model does the same work.
 */
final class Caller implements AutoCloseable {
  private static final Duration LONG_ENOUGH = Duration.ofHours(2);
  private static final int[] NOTHING = {};

  /** Seeds of the prompts begin here, above those of other tokens. */
  private static final long FIRST_PROMPT = 1L << 33;

  private final Session session;
  private final int[] prompt;
  private final int[] drawn;

  /**
   * @param ids of the model
   * @param number tells callers apart, whose prompts and tokens all differ
   * @param promptTokens to read
   * @param tokens to draw
   */
  Caller(Engine engine, RandomTokens ids, int number, int promptTokens, int tokens) {
    session = engine.newSession(SessionOptions.LOCAL.withCaller("caller " + number));
    prompt = ids.first(promptTokens, FIRST_PROMPT + number);
    drawn = ids.generation(tokens, number);
  }

  /** Reads the prompt. */
  void read() {
    run(prompt, NOTHING, TokenListener.NONE);
  }

  /** Draws the tokens. */
  void draw() {
    run(NOTHING, drawn, TokenListener.NONE);
  }

  /**
   * Reads the prompt and draws the tokens.
   *
   * @throws dev.qwenmcp.engine.batch.BusyException if as many callers run and wait as may
   * @return when the first token was there, as {@link System#nanoTime()} says
   */
  long readAndDraw() {
    FirstToken first = new FirstToken();
    run(prompt, drawn, first);
    return first.at;
  }

  private void run(int[] more, int[] tokens, TokenListener listener) {
    GenerationResult result =
        session.generate(
            new GenerationRequest(
                more,
                SamplerSettings.GREEDY,
                tokens.length,
                LONG_ENOUGH,
                List.of(),
                tokens.length == 0 ? null : new ForcedTokens(tokens)),
            listener,
            new Cancellation());
    if (result.tokens().size() != tokens.length) {
      throw new IllegalStateException(
          "drew " + result.tokens().size() + " of " + tokens.length + " tokens");
    }
  }

  /** Notes when the first token was drawn. */
  private static final class FirstToken implements TokenListener {
    private long at;

    @Override
    public void onText(String text, int generatedTokens) {
      if (at == 0 && generatedTokens > 0) {
        at = System.nanoTime();
      }
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
