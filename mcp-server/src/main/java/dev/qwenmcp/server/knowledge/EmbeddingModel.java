package dev.qwenmcp.server.knowledge;

/**
 * An embedding model's identity and what its card says about its use.
 *
 * @param name such as {@code all-MiniLM-L6-v2}
 * @param dimension numbers in a vector
 * @param maxTokens tokens that are read of a text; the rest does not count
 * @param unrelated cosine that a question and a passage on something else hardly ever reach; less
 *     says that they have nothing to do with each other
 */
public record EmbeddingModel(String name, int dimension, int maxTokens, double unrelated) {}
