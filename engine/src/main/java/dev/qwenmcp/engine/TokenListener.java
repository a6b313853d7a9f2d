package dev.qwenmcp.engine;

/** Hears of a generation while it runs, on the generating thread; must return quickly. */
@FunctionalInterface
public interface TokenListener {
  /** Ignores everything. */
  TokenListener NONE =
      new TokenListener() {
        @Override
        public void onText(String text, int generatedTokens) {}
      };

  /**
   * New text that will not be taken back.
   *
   * @param text possibly empty
   * @param generatedTokens tokens drawn so far
   */
  void onText(String text, int generatedTokens);

  /** Prompt tokens processed so far, of how many. */
  default void onPrompt(int done, int total) {}
}
