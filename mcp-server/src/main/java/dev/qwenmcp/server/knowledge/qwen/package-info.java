/**
 * Qwen3-Embedding and Qwen3-Reranker on the engine, as models of a knowledge base.
 *
 * <p>Depends on {@code engine} and on the interfaces of {@code server.knowledge}. Start reading at
 * {@link dev.qwenmcp.server.knowledge.qwen.QwenEmbedder}.
 */
package dev.qwenmcp.server.knowledge.qwen;
