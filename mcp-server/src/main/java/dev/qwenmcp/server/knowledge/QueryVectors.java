package dev.qwenmcp.server.knowledge;

/**
 * A query as a model sees it.
 *
 * @param model whose vectors can be compared with it
 * @param embedding its vectors
 */
record QueryVectors(EmbeddingModel model, Embedding embedding) {}
