package dev.qwenmcp.server.knowledge.qwen;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.Session;
import dev.qwenmcp.engine.SessionOptions;
import dev.qwenmcp.engine.batch.Priority;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import dev.qwenmcp.server.knowledge.Embedder;
import dev.qwenmcp.server.knowledge.Embedding;
import dev.qwenmcp.server.knowledge.EmbeddingException;
import dev.qwenmcp.server.knowledge.EmbeddingModel;
import dev.qwenmcp.server.model.EngineRoom;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Qwen3-Embedding (Zhang et al. 2025, arXiv:2506.05176) in a GGUF file.
 *
 * <p>A text's vector is the state after its last token, {@code <|endoftext|>}, of length 1. Queries
 * carry an instruction, passages none. It has no vectors of single tokens: states of a causal model
 * say what comes next, so passages are not compared token by token.
 */
public final class QwenEmbedder implements Embedder {
  /** What queries of these models begin with, from their card. */
  private static final String INSTRUCTION =
      "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:";

  private static final String END = "<|endoftext|>";

  /** Passages are shorter; longer texts take minutes on a CPU. */
  private static final int MOST_TOKENS = 1024;

  /** Random texts hardly ever have less; so nothing is left out for being unrelated. */
  private static final double UNRELATED = 0;

  private static final SessionOptions PASSAGES =
      SessionOptions.UNCACHED.withCaller("embedding").withPriority(Priority.JOB);
  private static final SessionOptions QUERIES = SessionOptions.UNCACHED;

  private final EngineFile file;
  private final EmbeddingModel model;

  /**
   * Reads the file's header; the weights are read on first use.
   *
   * @param options of the engine
   * @param room where it runs
   * @throws IOException if it is no model that the engine can run; the message says why
   */
  public QwenEmbedder(Path path, EngineOptions options, EngineRoom room) throws IOException {
    this.file = new EngineFile(path, options, room);
    this.model = new EmbeddingModel(file.name(), file.width(), MOST_TOKENS, UNRELATED);
  }

  @Override
  public EmbeddingModel model() {
    return model;
  }

  @Override
  public String location() {
    return file.path().toString();
  }

  @Override
  public Embedding embed(String text) throws EmbeddingException {
    return file.withPatience(engine -> embed(engine, PASSAGES, text));
  }

  @Override
  public Embedding embedQuery(String text) throws EmbeddingException {
    return file.with(engine -> embed(engine, QUERIES, INSTRUCTION + text));
  }

  /** Ids of a text as the model gets them: cut off if need be, and the end. */
  static int[] tokens(Engine engine, String text) {
    BpeTokenizer tokenizer = engine.tokenizer();
    int[] ids = tokenizer.encode(text);
    int most = Math.min(MOST_TOKENS, engine.contextTokens()) - 1;
    int[] all = Arrays.copyOf(ids, Math.min(ids.length, most) + 1);
    all[all.length - 1] = tokenizer.special(END).orElse(tokenizer.eos());
    return all;
  }

  private static Embedding embed(Engine engine, SessionOptions options, String text) {
    try (Session session = engine.newSession(options)) {
      float[] vector = session.state(tokens(engine, text), new Cancellation()).vector();
      double squares = 0;
      for (float x : vector) {
        squares += (double) x * x;
      }
      float scale = squares == 0 ? 0 : (float) (1 / Math.sqrt(squares));
      for (int i = 0; i < vector.length; i++) {
        vector[i] *= scale;
      }
      return new Embedding(vector, new float[0][], 1);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
