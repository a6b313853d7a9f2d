package dev.qwenmcp.engine.kv;

/**
 * What the cache holds and did.
 *
 * @param pageBytes bytes of a page
 * @param budgetPages most pages in memory
 * @param usedPages held by sequences, the cache, or both
 * @param residentPages held by the cache
 * @param pinnedPages of these, kept from eviction
 * @param askedTokens asked for by look-ups
 * @param foundTokens of these, found, restored ones included
 * @param restoredTokens of these, read from the store
 * @param evictedPages given up for others
 * @param lostPages of these, written nowhere
 * @param store what the stores did
 */
public record CacheStatistics(
    long pageBytes,
    long budgetPages,
    long usedPages,
    long residentPages,
    long pinnedPages,
    long askedTokens,
    long foundTokens,
    long restoredTokens,
    long evictedPages,
    long lostPages,
    StoreStatistics store) {}
