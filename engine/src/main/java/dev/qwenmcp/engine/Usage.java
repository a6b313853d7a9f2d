package dev.qwenmcp.engine;

/**
 * What a call cost.
 *
 * @param promptTokens tokens before the first drawn one, cached ones included
 * @param cachedTokens of these, not computed because their keys and values were there, in memory or
 *     on disk
 * @param restoredTokens of the cached ones, read back from disk by this call
 * @param generatedTokens tokens drawn
 * @param promptSeconds time until the first logits, waiting for other calls included
 * @param generateSeconds time from there to the end
 */
public record Usage(
    int promptTokens,
    int cachedTokens,
    int restoredTokens,
    int generatedTokens,
    double promptSeconds,
    double generateSeconds) {

  public static final Usage NONE = new Usage(0, 0, 0, 0, 0, 0);

  public Usage plus(Usage other) {
    return new Usage(
        promptTokens + other.promptTokens,
        cachedTokens + other.cachedTokens,
        restoredTokens + other.restoredTokens,
        generatedTokens + other.generatedTokens,
        promptSeconds + other.promptSeconds,
        generateSeconds + other.generateSeconds);
  }
}
