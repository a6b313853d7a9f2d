package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.Usage;
import java.util.Locale;

/** Tokens and times in words. */
final class UsageText {
  private UsageText() {}

  static String of(Usage usage) {
    int computed = usage.promptTokens() - usage.cachedTokens();
    return String.format(
        Locale.ROOT,
        "prompt %d tokens (%d known already) in %.2f s%s; answer %d tokens in %.2f s%s",
        usage.promptTokens(),
        usage.cachedTokens(),
        usage.promptSeconds(),
        speed(computed, usage.promptSeconds()),
        usage.generatedTokens(),
        usage.generateSeconds(),
        speed(usage.generatedTokens(), usage.generateSeconds()));
  }

  /** Such as {@code ", 35.1 tokens/s"}; empty where nothing can be said. */
  static String speed(int tokens, double seconds) {
    return tokens < 2 || seconds <= 0
        ? ""
        : String.format(Locale.ROOT, ", %.1f tokens/s", tokens / seconds);
  }
}
