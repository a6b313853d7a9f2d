package dev.qwenmcp.server.bench;

import dev.qwenmcp.engine.grammar.TokenConstraint;
import java.util.Arrays;

/**
 * Lets exactly the given tokens be drawn: the engine computes and samples as ever, only what it
 * draws is known, so that two runs do the same work.
 */
public final class ForcedTokens implements TokenConstraint {
  private final int[] tokens;
  private int drawn;

  public ForcedTokens(int[] tokens) {
    this.tokens = tokens;
  }

  @Override
  public void mask(float[] logits) {
    if (finished()) {
      throw new IllegalStateException("all " + tokens.length + " tokens are drawn");
    }
    Arrays.fill(logits, Float.NEGATIVE_INFINITY);
    logits[tokens[drawn]] = 0;
  }

  @Override
  public void accept(int token) {
    drawn++;
  }

  @Override
  public boolean complete() {
    return finished();
  }

  @Override
  public boolean finished() {
    return drawn == tokens.length;
  }
}
