package dev.qwenmcp.server.bench;

import dev.qwenmcp.engine.grammar.ForcedText;
import dev.qwenmcp.engine.grammar.TokenConstraint;

/**
 * Lets exactly the given tokens be drawn, as {@link ForcedTokens} does, of a text that is held to a
 * grammar as well: what the grammar knows of the next tokens is used as ever.
 */
final class HeldTokens implements TokenConstraint {
  private final int[] tokens;
  private final ForcedTokens drawn;
  private final TokenConstraint grammar;
  private int count;

  HeldTokens(int[] tokens, TokenConstraint grammar) {
    this.tokens = tokens;
    this.drawn = new ForcedTokens(tokens);
    this.grammar = grammar;
  }

  @Override
  public void mask(float[] logits) {
    grammar.mask(logits);
    drawn.mask(logits);
  }

  /**
   * @throws IllegalStateException if another token was to come: text that the grammar forces has
   *     other tokens than the given ones
   */
  @Override
  public void accept(int token) {
    if (token != tokens[count]) {
      throw new IllegalStateException(
          "token %d is %d, not %d as given".formatted(count, token, tokens[count]));
    }
    grammar.accept(token);
    drawn.accept(token);
    count++;
  }

  @Override
  public boolean complete() {
    return drawn.complete();
  }

  @Override
  public boolean finished() {
    return drawn.finished();
  }

  @Override
  public int fitting(int[] guess) {
    return grammar.fitting(guess);
  }

  @Override
  public int[] forced(int most) {
    return grammar.forced(most);
  }

  @Override
  public ForcedText forcedText() {
    return grammar.forcedText();
  }

  @Override
  public String expected() {
    return grammar.expected();
  }
}
