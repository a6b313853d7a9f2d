package dev.qwenmcp.server.knowledge;

/**
 * Turns texts into vectors whose inner products say how much the texts have to do with each other;
 * safe for many threads.
 *
 * <p>The vector of a text depends on that text alone, never on what is embedded beside it.
 */
public interface Embedder extends AutoCloseable {

  /** Its identity, known before it is loaded. */
  EmbeddingModel model();

  /** Where it was read from, to find it again; empty if it comes with the program. */
  default String location() {
    return "";
  }

  /**
   * Embeds a query as the model wants queries, which may be otherwise than passages.
   *
   * @throws EmbeddingException as for {@link #embed}
   */
  default Embedding embedQuery(String text) throws EmbeddingException {
    return embed(text);
  }

  /**
   * Embeds a passage on the calling thread, loading the model first if need be.
   *
   * @throws EmbeddingException if the model cannot be loaded or run; the same call may be made
   *     again
   */
  Embedding embed(String text) throws EmbeddingException;

  /** Frees the model once running calls have ended. */
  @Override
  void close();
}
