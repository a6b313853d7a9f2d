package dev.qwenmcp.engine.model;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.GgufFormatException;
import dev.qwenmcp.engine.kernel.Kernels;
import dev.qwenmcp.engine.kernel.Kernels.AppendKv;
import dev.qwenmcp.engine.kernel.Kernels.Attend;
import dev.qwenmcp.engine.kernel.Kernels.Embed;
import dev.qwenmcp.engine.kernel.Kernels.FeedForward;
import dev.qwenmcp.engine.kernel.Kernels.Mixture;
import dev.qwenmcp.engine.kernel.Kernels.Output;
import dev.qwenmcp.engine.kernel.Kernels.Project;
import dev.qwenmcp.engine.kernel.Kernels.Rotation;
import dev.qwenmcp.engine.kernel.KvBatch;
import dev.qwenmcp.engine.kernel.Norm;
import dev.qwenmcp.engine.kv.PageMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The forward pass of Qwen3 and Qwen3-MoE (Yang et al. 2025, arXiv:2505.09388, section 2).
 *
 * <p>Computes one layer at a time. Two passes may be under way, one of many tokens and one of at
 * most {@link #FEW_TOKENS}: each kind has activations of its own, so that the short one can run
 * between two layers of the long one.
 */
public final class QwenModel implements AutoCloseable {
  /** Rows of logits computed at once: the head's weights are read once for all of them. */
  private static final int HEAD_ROWS = 16;

  /** Tokens of a short pass: some drafts or a short question. */
  public static final int FEW_TOKENS = 32;

  private final ModelConfig config;
  private final Weights weights;
  private final Kernels kernels;
  private final RotaryTable rotary;
  private final Activations few;
  private final Activations many;
  private final MemorySegment last; // (HEAD_ROWS, width)
  private final MemorySegment logits; // (HEAD_ROWS, vocabulary)
  private final MemorySegment maxima; // (HEAD_ROWS, of the vocabulary)
  private final Arena arena;
  private final int batchTokens;
  private final float attentionScale;

  private QwenModel(
      ModelConfig config, Weights weights, Kernels kernels, Arena arena, int batchTokens) {
    this.config = config;
    this.weights = weights;
    this.kernels = kernels;
    this.arena = arena;
    this.batchTokens = batchTokens;
    this.rotary = new RotaryTable(config.headDim(), config.ropeBase(), config.ropeScaling());
    PageMemory memory = kernels.pageMemory();
    this.few = new Activations(memory, arena, config, Math.min(FEW_TOKENS, batchTokens));
    this.many = new Activations(memory, arena, config, batchTokens);
    this.last = Activations.floats(memory, arena, HEAD_ROWS, config.width());
    this.logits = Activations.floats(memory, arena, HEAD_ROWS, config.vocabulary());
    this.maxima = Activations.floats(memory, arena, HEAD_ROWS, Output.maxima(config.vocabulary()));
    this.attentionScale = (float) (1 / Math.sqrt(config.headDim()));
  }

  /**
   * Loads a model; weights stay where the file is mapped.
   *
   * @param file must stay open as long as the model
   * @param kernels compute it; not closed with the model
   * @param batchTokens most tokens of one pass
   * @throws GgufFormatException if the file is no Qwen3 model that the engine can run
   */
  public static QwenModel load(GgufFile file, Kernels kernels, int batchTokens)
      throws GgufFormatException {
    ModelConfig config = ConfigReader.read(file);
    Arena arena = Arena.ofShared();
    try {
      Weights weights = new WeightsReader(file, config, kernels, arena).read();
      return new QwenModel(config, weights, kernels, arena, batchTokens);
    } catch (GgufFormatException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /**
   * The shape of a file's model, from its header alone.
   *
   * @throws GgufFormatException if the file is no Qwen3 model that the engine can run
   */
  public static ModelConfig config(GgufFile file) throws GgufFormatException {
    return ConfigReader.read(file);
  }

  public ModelConfig config() {
    return config;
  }

  /** Most tokens of one pass. */
  public int batchTokens() {
    return batchTokens;
  }

  /**
   * Starts a pass; its layers are still to come. It replaces the one of its kind (short or long)
   * that was started before.
   *
   * @param tokens n ids
   * @param batch places of the n tokens
   * @throws IllegalArgumentException if n is 0 or above {@link #batchTokens()}, or an id is unknown
   */
  public ForwardPass start(int[] tokens, KvBatch batch) {
    return start(tokens, batch, ExpertListener.NONE);
  }

  /**
   * The same, heard by somebody.
   *
   * @param experts hears of the choices of each layer of a mixture
   * @throws IllegalArgumentException if n is 0 or above {@link #batchTokens()}, or an id is unknown
   */
  public ForwardPass start(int[] tokens, KvBatch batch, ExpertListener experts) {
    int n = tokens.length;
    if (n < 1 || n > batchTokens || n != batch.tokens()) {
      throw new IllegalArgumentException(
          n + " tokens at " + batch.tokens() + " places in a batch of at most " + batchTokens);
    }
    Activations a = n <= FEW_TOKENS ? few : many;
    kernels.embed(new Embed(weights.embedding(), tokens, a.x));
    rotary.fill(batch.position(), a.cos, a.sin);
    return new ForwardPass(this, batch, a, experts);
  }

  /** Runs the batch through layer {@code l}. */
  void layer(int l, KvBatch batch, Activations a, ExpertListener experts) {
    int n = batch.tokens();
    Weights.Layer w = weights.layers().get(l);
    kernels.project(
        new Project(
            n,
            a.x,
            w.attentionNorm(),
            List.of(
                new Output(w.query(), a.query, false),
                new Output(w.key(), a.key, false),
                new Output(w.value(), a.value, false))));
    kernels.appendKv(
        new AppendKv(
            batch,
            l,
            config.heads(),
            a.query,
            a.key,
            a.value,
            w.queryNorm(),
            w.keyNorm(),
            new Rotation(a.cos, a.sin)));
    kernels.attend(new Attend(batch, l, config.heads(), a.query, a.attended, attentionScale));
    kernels.project(
        new Project(n, a.attended, null, List.of(new Output(w.attentionOutput(), a.x, true))));
    switch (w.feedForward()) {
      case Weights.Dense f ->
          kernels.feedForward(new FeedForward(n, a.x, f.norm(), f.gate(), f.up(), f.down()));
      case Weights.Mixture m -> {
        MemorySegment routing =
            experts == ExpertListener.NONE
                ? null
                : a.routing.asSlice(0, (long) Integer.BYTES * n * m.used());
        kernels.mixture(
            new Mixture(
                n, a.x, m.norm(), m.router(), m.gate(), m.up(), m.down(), m.used(), routing));
        if (routing != null) {
          experts.chose(l, routing);
        }
      }
    }
  }

  /** Hears of the logits or the state of one row of a pass. */
  @FunctionalInterface
  public interface OutputRow {
    /**
     * @param row index of the token in the pass
     * @param output of that token
     */
    void accept(int row, TokenOutput output);
  }

  /** Logits after the tokens {@code rows} of a pass that is through all layers. */
  void logits(Activations a, int[] rows, OutputRow sink) {
    long width = 4L * config.width();
    long vocabulary = 4L * config.vocabulary();
    long blocks = 4L * Output.maxima(config.vocabulary());
    for (int start = 0; start < rows.length; start += HEAD_ROWS) {
      int count = Math.min(HEAD_ROWS, rows.length - start);
      for (int i = 0; i < count; i++) {
        MemorySegment.copy(a.x, rows[start + i] * width, last, i * width, width);
      }
      kernels.project(
          new Project(
              count,
              last,
              weights.outputNorm(),
              List.of(new Output(weights.head(), logits, false, maxima))));
      for (int i = 0; i < count; i++) {
        sink.accept(
            rows[start + i],
            new TokenOutput(
                logits.asSlice(i * vocabulary, vocabulary), maxima.asSlice(i * blocks, blocks)));
      }
    }
  }

  /**
   * States after the tokens {@code rows} of a pass that is through all layers, normalised as the
   * head gets them.
   */
  void states(Activations a, int[] rows, OutputRow sink) {
    Norm norm = weights.outputNorm();
    int width = config.width();
    for (int row : rows) {
      long from = (long) row * width;
      double squares = 0;
      for (int i = 0; i < width; i++) {
        float x = a.x.getAtIndex(JAVA_FLOAT, from + i);
        squares += (double) x * x;
      }
      double scale = 1 / Math.sqrt(squares / width + norm.epsilon());
      for (int i = 0; i < width; i++) {
        double x = a.x.getAtIndex(JAVA_FLOAT, from + i) * scale;
        last.setAtIndex(JAVA_FLOAT, i, (float) (x * norm.weight().getAtIndex(JAVA_FLOAT, i)));
      }
      sink.accept(row, new TokenOutput(last.asSlice(0, 4L * width), null));
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
