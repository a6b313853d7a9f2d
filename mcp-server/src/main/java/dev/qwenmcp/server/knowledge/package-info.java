/**
 * Documents that can be searched: cut into passages, found by their words (BM25) and by their
 * vectors (HNSW), fused.
 *
 * <p>Depends on Lucene and on {@code server.text}; knows embedding models as an interface and
 * nothing of MCP. Start reading at {@link dev.qwenmcp.server.knowledge.KnowledgeBase}; in which
 * order passages are found is decided in {@code Ranking}, by {@code PassageQuery} (words), {@code
 * VectorIndex} (vectors), {@code ReciprocalRanks} and {@code Fusion} (both).
 */
package dev.qwenmcp.server.knowledge;
