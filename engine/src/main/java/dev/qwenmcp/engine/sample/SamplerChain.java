package dev.qwenmcp.engine.sample;

/** Draws tokens for one generation; not for several threads. */
public final class SamplerChain {
  public SamplerChain(SamplerSettings settings) {
    throw new UnsupportedOperationException();
  }

  /**
   * Draws the next token.
   *
   * @param logits one a vocabulary entry; may be changed; -inf entries are never drawn
   * @return the token id
   * @throws IllegalStateException if no entry is finite
   */
  public int sample(float[] logits) {
    throw new UnsupportedOperationException();
  }

  /** Makes a token count as seen for the penalties: each prompt and each drawn token. */
  public void accept(int token) {
    throw new UnsupportedOperationException();
  }
}
