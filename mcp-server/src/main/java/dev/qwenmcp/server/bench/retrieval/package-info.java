/**
 * Measures how well and how fast documents are found, on collections with judgements.
 *
 * <p>Depends on {@code server.knowledge} and, for files in JSON, Jackson. Start reading at {@link
 * dev.qwenmcp.server.bench.retrieval.RetrievalBench}.
 */
package dev.qwenmcp.server.bench.retrieval;
