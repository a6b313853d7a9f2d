package dev.qwenmcp.server.bench.reuse;

/**
 * How a prompt was read.
 *
 * @param promptTokens its length
 * @param cachedTokens of these, not computed
 * @param restoredTokens of the cached ones, read back from disk
 * @param promptSeconds until the first token, as the engine counts
 * @param seconds until the first token, as the caller counts: from the request to the answer, less
 *     what was written after the first token
 */
public record Reading(
    int promptTokens, int cachedTokens, int restoredTokens, double promptSeconds, double seconds) {

  /** Tokens that were computed. */
  public int prefilledTokens() {
    return promptTokens - cachedTokens;
  }
}
