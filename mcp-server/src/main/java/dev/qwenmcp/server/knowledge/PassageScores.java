package dev.qwenmcp.server.knowledge;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Why a passage stands where it stands; all but the cosine are comparable within one search only.
 *
 * @param score what the passages are ordered by, higher is better: BM25 or the cosine where one of
 *     them was searched alone, else what {@link Fusion} makes of all
 * @param bm25 if words of the query occur
 * @param vector cosine of the texts' vectors, if it was among the nearest
 * @param rerank mean over the query's tokens of the best cosine in the passage, if compared
 * @param fusedRank rank from 1 after words and vectors were fused and before tokens were compared
 */
public record PassageScores(
    double score,
    OptionalDouble bm25,
    OptionalDouble vector,
    OptionalDouble rerank,
    OptionalInt fusedRank) {}
