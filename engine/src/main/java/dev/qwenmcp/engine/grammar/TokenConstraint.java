package dev.qwenmcp.engine.grammar;

/** Which tokens may come next; one a generation, advanced with each drawn token. */
public interface TokenConstraint {

  /**
   * Sets the logits of all tokens that may not come next to negative infinity.
   *
   * @throws IllegalStateException if nothing may come next (the text is complete and cannot grow)
   */
  void mask(float[] logits);

  /** Moves on by the drawn token. */
  void accept(int token);

  /** Whether the text so far is complete: generation may stop here. */
  boolean complete();

  /** Whether nothing but the end can follow. */
  boolean finished();
}
