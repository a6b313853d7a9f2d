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
    @Doc(
            value = "Of these, those that a constraint left no choice about, which took no step",
            optional = true)
        Integer forcedTokens,
    @Doc("Seconds until the first token, waiting for other calls included") double promptSeconds,
    @Doc("Seconds from there to the end") double generateSeconds) {

  static UsageReport of(Usage usage) {
    return of(usage, null);
  }

  /**
   * The same with the forced tokens.
   *
   * @param forcedTokens null where no constraint was given
   */
  static UsageReport of(Usage usage, Integer forcedTokens) {
    return new UsageReport(
        usage.promptTokens(),
        usage.cachedTokens(),
        usage.restoredTokens(),
        usage.generatedTokens(),
        forcedTokens,
        usage.promptSeconds(),
        usage.generateSeconds());
  }
}
