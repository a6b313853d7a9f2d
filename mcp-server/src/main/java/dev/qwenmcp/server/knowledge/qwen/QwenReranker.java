package dev.qwenmcp.server.knowledge.qwen;

import dev.qwenmcp.engine.Cancellation;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.Session;
import dev.qwenmcp.engine.SessionOptions;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import dev.qwenmcp.server.knowledge.EmbeddingException;
import dev.qwenmcp.server.knowledge.Reranker;
import dev.qwenmcp.server.model.EngineRoom;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Qwen3-Reranker (Zhang et al. 2025, arXiv:2506.05176) in a GGUF file: asked whether a passage
 * answers a question, the share of "yes" in what it would answer, "yes" or "no".
 */
public final class QwenReranker implements Reranker {
  private static final String SYSTEM =
      "Judge whether the Document meets the requirements based on the Query and the Instruct"
          + " provided. Note that the answer can only be \"yes\" or \"no\".";
  private static final String INSTRUCTION =
      "Given a web search query, retrieve relevant passages that answer the query";

  /** Some 2,000 tokens are read a search: a few seconds with the smallest model on two cores. */
  private static final int DEPTH = 10;

  /** Of a longer passage only the beginning is read. */
  private static final int MOST_PASSAGE_TOKENS = 700;

  private static final int MOST_QUESTION_TOKENS = 200;

  private final EngineFile file;

  /**
   * Reads the file's header; the weights are read on first use.
   *
   * @param options of the engine
   * @param room where it runs
   * @throws IOException if it is no model that the engine can run; the message says why
   */
  public QwenReranker(Path path, EngineOptions options, EngineRoom room) throws IOException {
    this.file = new EngineFile(path, options, room);
  }

  @Override
  public String name() {
    return file.name();
  }

  @Override
  public int depth() {
    return DEPTH;
  }

  @Override
  public double[] score(String question, List<String> passages) throws EmbeddingException {
    return file.with(engine ->
        passages.stream().mapToDouble(passage -> score(engine, question, passage)).toArray());
  }

  private static double score(Engine engine, String question, String passage) {
    BpeTokenizer tokenizer = engine.tokenizer();
    List<int[]> answers = List.of(tokenizer.encode("yes"), tokenizer.encode("no"));
    // The instruction and the question are the same for all passages and read once.
    try (Session session = engine.newSession(SessionOptions.LOCAL.withCaller("rerank"))) {
      double[] logarithms =
          session
              .score(prompt(engine, question, passage), answers, new Cancellation())
              .logProbabilities();
      return 1 / (1 + Math.exp(logarithms[1] - logarithms[0]));
    }
  }

  /** The prompt of the models' card; what is in the texts never becomes a control token. */
  static int[] prompt(Engine engine, String question, String passage) {
    BpeTokenizer t = engine.tokenizer();
    int[][] parts = {
      special(t, "<|im_start|>"),
      t.encode("system\n" + SYSTEM),
      special(t, "<|im_end|>"),
      t.encode("\n"),
      special(t, "<|im_start|>"),
      t.encode(
          "user\n<Instruct>: "
              + INSTRUCTION
              + "\n<Query>: "
              + cut(t, question, MOST_QUESTION_TOKENS)
              + "\n<Document>: "
              + cut(t, passage, MOST_PASSAGE_TOKENS)),
      special(t, "<|im_end|>"),
      t.encode("\n"),
      special(t, "<|im_start|>"),
      t.encode("assistant\n"),
      special(t, "<think>"),
      t.encode("\n\n"),
      special(t, "</think>"),
      t.encode("\n\n")
    };
    return Arrays.stream(parts).flatMapToInt(IntStream::of).toArray();
  }

  private static int[] special(BpeTokenizer tokenizer, String token) {
    return tokenizer.special(token).isPresent()
        ? new int[] {tokenizer.special(token).getAsInt()}
        : tokenizer.encode(token);
  }

  /** So much of a text as has at most so many tokens. */
  private static String cut(BpeTokenizer tokenizer, String text, int most) {
    int[] ids = tokenizer.encode(text);
    return ids.length <= most ? text : tokenizer.decode(Arrays.copyOf(ids, most));
  }

  @Override
  public void close() {
    file.close();
  }
}
