package dev.qwenmcp.engine.kv;

/**
 * What the cache knew of a sequence of tokens.
 *
 * @param pages of these tokens, held for the caller, who closes them; the last one may hold other
 *     tokens behind, and is copied before it is written to
 * @param tokens covered by the pages, from the first on
 * @param restoredTokens of these, read from the store by this look-up
 */
public record CachedPrefix(SequencePages pages, int tokens, int restoredTokens) {}
