package dev.qwenmcp.server.knowledge;

import java.util.List;

/** Reads a question together with each of some passages; safe for many threads. */
public interface Reranker extends AutoCloseable {

  /** Its name, for people. */
  String name();

  /** How many passages are read for a question. */
  int depth();

  /**
   * How well each passage answers a question.
   *
   * @param passages with their headings
   * @return for each, 0 to 1
   * @throws EmbeddingException if the model cannot be loaded or run
   */
  double[] score(String question, List<String> passages) throws EmbeddingException;

  @Override
  void close();
}
