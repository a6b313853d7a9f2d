package dev.qwenmcp.server.knowledge;

/** What a search compares. */
public enum SearchMode {
  /** Words and vectors, fused. */
  HYBRID,
  /** Words alone, by BM25. */
  KEYWORDS,
  /** Vectors alone, by their cosine. */
  VECTORS
}
