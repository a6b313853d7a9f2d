/**
 * Qwen3-Embedding and Qwen3-Reranker on the engine, as models of a knowledge base.
 *
 * <p>Depends on {@code engine}, on the interfaces of {@code server.knowledge}, and on {@code
 * server.model}, in whose memory the engines run. Start reading at {@link
 * dev.qwenmcp.server.knowledge.qwen.QwenEmbedder}.
 */
package dev.qwenmcp.server.knowledge.qwen;
