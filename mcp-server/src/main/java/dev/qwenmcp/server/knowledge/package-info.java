/**
 * Documents that can be searched: cut into passages, analysed by language, ranked by BM25.
 *
 * <p>Depends on Lucene and on {@code server.text}; knows nothing of models or MCP. Start reading at
 * {@link dev.qwenmcp.server.knowledge.KnowledgeBase}; what a search finds is decided in {@code
 * PassageAnalysis} (words of a text) and {@code PassageQuery} (their weights).
 */
package dev.qwenmcp.server.knowledge;
