package dev.qwenmcp.engine;

import dev.qwenmcp.engine.batch.BusyException;
import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.engine.gguf.TensorInfo;
import dev.qwenmcp.engine.kv.KvMemoryException;
import dev.qwenmcp.engine.model.QwenModel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Short generations that nobody asked for, so that the first one that somebody asks for is as quick
 * as the next: what is done for the first time maps the weights piece by piece, takes the memory
 * that is computed in, and runs code that is not compiled yet.
 *
 * <p>They leave no keys and values behind.
 */
final class WarmUp {
  /** One for each round, because another text takes other experts. */
  private static final List<String> TEXTS =
      List.of(
          "What is the weather like in Berlin today, and do I need an umbrella? Please answer in two"
              + " short sentences, then give three reasons, each of them in a line that begins with"
              + " a number.",
          "明天北京的天气怎么样？请用两句话回答，然后列出三个理由，每个理由单独写成一行，并在开头标上数字。谢谢你的帮助。",
          "{\"order\": 4711, \"items\": [{\"name\": \"Lamp\", \"price\": 29.90}, {\"name\": \"Table\","
              + " \"price\": 149.00}], \"paid\": true}\npublic static void main(String[] args) {}");

  /** Tokens of a round: a few more in its prompt than a short pass may have, and some drawn. */
  private static final int ROUND_TOKENS = QwenModel.FEW_TOKENS + 10;

  private static final int DRAWN = 3;

  /**
   * Bytes of weights that may be read for it. One token of Qwen3-30B-A3B in Q4_K_M takes 2.2 GB; a
   * larger dense model, of which each token takes everything, is left on its disk until it is used.
   */
  private static final long MOST_BYTES = 3L << 30;

  /** No further round begins after it. */
  private static final Duration LONG = Duration.ofMillis(500);

  private static final System.Logger LOG = System.getLogger(WarmUp.class.getName());

  private final Engine engine;

  WarmUp(Engine engine) {
    this.engine = engine;
  }

  /**
   * Number of tokens that may be computed.
   *
   * @param tensors of the model
   * @param used share of its experts that each token takes; of a dense model any
   * @return 0 if the weights of one token are too many
   */
  static int tokens(List<TensorInfo> tensors, double used) {
    long experts = 0;
    long others = 0;
    for (TensorInfo tensor : tensors) {
      if (tensor.name().contains("_exps.")) {
        experts += tensor.byteSize();
      } else {
        others += tensor.byteSize();
      }
    }
    long room = MOST_BYTES - others;
    if (room < experts * used) {
      return 0;
    }
    int all = TEXTS.size() * ROUND_TOKENS;
    return experts <= room ? all : (int) Math.min(all, room / (experts * used));
  }

  /** Does it, until cancelled. */
  void run(List<TensorInfo> tensors, Cancellation cancellation) {
    double used = engine.experts().map(e -> (double) e.used() / e.experts()).orElse(1.0);
    int tokens = tokens(tensors, used);
    List<String> texts = TEXTS.subList(0, tokens < TEXTS.size() * (DRAWN + 1) ? 1 : TEXTS.size());
    int each = Math.min(tokens / texts.size(), engine.contextTokens() - 1);
    long begin = System.nanoTime();
    for (String text : texts) {
      if (each < 1 || cancellation.cancelled() || System.nanoTime() - begin > LONG.toNanos()) {
        return;
      }
      try (Session session = engine.newSession(SessionOptions.UNCACHED)) {
        session.generate(request(text, each), TokenListener.NONE, cancellation);
      } catch (BusyException | KvMemoryException e) {
        LOG.log(System.Logger.Level.DEBUG, "not warmed up", e);
        return;
      }
    }
  }

  /** A request for which at most so many tokens are computed; the last one drawn is not. */
  private GenerationRequest request(String text, int tokens) {
    int drawn = Math.min(DRAWN, tokens);
    int[] prompt = engine.tokenizer().encode(text);
    return new GenerationRequest(
        Arrays.copyOf(prompt, Math.min(tokens - drawn + 1, prompt.length)),
        engine.recommendedSampling(ThinkingMode.OFF, 0),
        drawn,
        LONG.multipliedBy(10),
        List.of(),
        null);
  }
}
