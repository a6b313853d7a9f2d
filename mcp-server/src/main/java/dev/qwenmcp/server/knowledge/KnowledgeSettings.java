package dev.qwenmcp.server.knowledge;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a knowledge base is kept.
 *
 * @param folder where collections lie; empty for memory, where they end with the process
 * @param limits what one principal may keep
 * @param models make the vectors; the caller closes them after the base
 * @param reranker reads the best passages once more; the caller closes it after the base
 * @param embeddingThreads passages that are embedded at a time
 * @param patience how long to wait for other processes that write
 */
public record KnowledgeSettings(
    Optional<Path> folder,
    KnowledgeLimits limits,
    EmbeddingChoice models,
    Optional<Reranker> reranker,
    int embeddingThreads,
    Duration patience) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** In memory. */
  public static KnowledgeSettings inMemory(KnowledgeLimits limits, Embedders models) {
    return inMemory(limits, EmbeddingChoice.of(models));
  }

  /** In memory, with a choice of models. */
  public static KnowledgeSettings inMemory(KnowledgeLimits limits, EmbeddingChoice models) {
    return new KnowledgeSettings(Optional.empty(), limits, models, Optional.empty(), 1, PATIENCE);
  }

  /** In a folder, one core embedding: the chat model keeps the others. */
  public static KnowledgeSettings in(Path folder, EmbeddingChoice models) {
    return new KnowledgeSettings(
        Optional.of(folder), KnowledgeLimits.DURABLE, models, Optional.empty(), 1, PATIENCE);
  }

  public KnowledgeSettings withReranker(Optional<Reranker> other) {
    return new KnowledgeSettings(folder, limits, models, other, embeddingThreads, patience);
  }

  public KnowledgeSettings withEmbeddingThreads(int threads) {
    return new KnowledgeSettings(folder, limits, models, reranker, threads, patience);
  }

  public KnowledgeSettings withLimits(KnowledgeLimits other) {
    return new KnowledgeSettings(folder, other, models, reranker, embeddingThreads, patience);
  }

  public KnowledgeSettings withPatience(Duration other) {
    return new KnowledgeSettings(folder, limits, models, reranker, embeddingThreads, other);
  }
}
