package dev.qwenmcp.server.tool;

import dev.qwenmcp.engine.Usage;
import dev.qwenmcp.server.protocol.Doc;

/** What a call of a model cost. */
public record UsageReport(
    @Doc("Tokens of the prompt, cached ones included") int promptTokens,
    @Doc("Of these, known from earlier calls, in memory or on disk, and not computed again")
        int cachedTokens,
    @Doc("Of the cached ones, read back from disk by this call") int restoredTokens,
    @Doc("Tokens that the model wrote") int generatedTokens,
    @Doc("Seconds until the first token, waiting for other calls included") double promptSeconds,
    @Doc("Seconds from there to the end") double generateSeconds) {

  static UsageReport of(Usage usage) {
    return new UsageReport(
        usage.promptTokens(),
        usage.cachedTokens(),
        usage.restoredTokens(),
        usage.generatedTokens(),
        usage.promptSeconds(),
        usage.generateSeconds());
  }
}
