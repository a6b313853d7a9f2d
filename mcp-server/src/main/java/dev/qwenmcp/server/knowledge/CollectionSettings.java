package dev.qwenmcp.server.knowledge;

import java.time.Duration;

/**
 * What all collections share.
 *
 * @param analysis finds words
 * @param choice finds embedding models
 * @param worker embeds in the background
 * @param embeddingThreads passages that are embedded at a time
 * @param patience how long to wait for other processes that write
 */
record CollectionSettings(
    PassageAnalysis analysis,
    EmbeddingChoice choice,
    EmbeddingWorker worker,
    int embeddingThreads,
    Duration patience,
    java.util.Optional<Reranker> reranker) {}
