package dev.qwenmcp.engine;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.qwenmcp.engine.chat.ThinkingMode;
import dev.qwenmcp.engine.gguf.TensorInfo;
import dev.qwenmcp.engine.kernel.KvBatch;
import dev.qwenmcp.engine.kv.PagePool;
import dev.qwenmcp.engine.kv.SequencePages;
import dev.qwenmcp.engine.model.ForwardPass;
import dev.qwenmcp.engine.model.ModelConfig;
import dev.qwenmcp.engine.model.QwenModel;
import dev.qwenmcp.engine.sample.SamplerChain;
import dev.qwenmcp.engine.sample.SamplerSettings;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Short answers that nobody asked for, so that the first one that somebody asks for is as quick as
 * the next: what is done for the first time maps the weights piece by piece, takes the memory that
 * is computed in, and runs code that is not compiled yet.
 *
 * <p>Runs before the engine serves anybody, so that nothing is learnt from the times of cold
 * passes, and leaves no keys and values behind.
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

  private final QwenModel model;
  private final PagePool pool;
  private final BpeTokenizer tokenizer;
  private final int contextTokens;
  private int computed;

  WarmUp(QwenModel model, PagePool pool, BpeTokenizer tokenizer, int contextTokens) {
    this.model = model;
    this.pool = pool;
    this.tokenizer = tokenizer;
    this.contextTokens = contextTokens;
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

  /**
   * Does it.
   *
   * @param tensors of the model
   * @param cancellation ends it, before the next layer
   * @return number of tokens that were computed
   */
  int run(List<TensorInfo> tensors, Cancellation cancellation) {
    double used =
        switch (model.config().feedForward()) {
          case ModelConfig.Dense _ -> 1;
          case ModelConfig.Experts e -> (double) e.used() / e.experts();
        };
    run(tokens(tensors, used), cancellation);
    return computed;
  }

  /** The same with at most so many tokens. */
  int run(int most, Cancellation cancellation) {
    List<String> texts = TEXTS.subList(0, most < TEXTS.size() * (DRAWN + 1) ? 1 : TEXTS.size());
    int each = Math.min(Math.min(most / texts.size(), contextTokens), model.batchTokens());
    long begin = System.nanoTime();
    for (String text : texts) {
      if (each < 1 || System.nanoTime() - begin > LONG.toNanos()) {
        break;
      }
      answer(text, each, cancellation);
    }
    return computed;
  }

  /** Computes at most so many tokens; of those drawn the last one is not. */
  private void answer(String text, int tokens, Cancellation cancellation) {
    int drawn = Math.min(DRAWN, tokens);
    int[] all = tokenizer.encode(text);
    int[] prompt = Arrays.copyOf(all, Math.min(tokens - drawn + 1, all.length));
    SamplerChain sampler = new SamplerChain(SamplerSettings.qwen3(ThinkingMode.OFF, 0));
    float[] logits = new float[model.config().vocabulary()];
    try (SequencePages pages = new SequencePages(pool)) {
      int[] next = prompt;
      int position = 0;
      for (int i = 0; i < drawn; i++) {
        if (!pass(next, position, pages, logits, cancellation)) {
          return;
        }
        position += next.length;
        next = new int[] {sampler.sample(logits)};
        sampler.accept(next[0]);
      }
    }
  }

  /** One pass; false if it was cancelled. */
  private boolean pass(
      int[] ids, int position, SequencePages pages, float[] logits, Cancellation cancellation) {
    int end = position + ids.length;
    pages.prepare(position, end);
    KvBatch batch =
        new KvBatch(
            pool.layout(),
            new int[ids.length],
            IntStream.range(position, end).toArray(),
            List.of(pages));
    ForwardPass pass = model.start(ids, batch);
    while (!pass.done()) {
      if (cancellation.cancelled()) {
        return false;
      }
      pass.nextLayer();
    }
    computed += ids.length;
    pass.logits(
        new int[] {ids.length - 1},
        (_, output) ->
            MemorySegment.copy(output.values(), JAVA_FLOAT, 0, logits, 0, logits.length));
    return true;
  }
}
