package dev.qwenmcp.engine;

import dev.qwenmcp.engine.kernel.Kernels;
import dev.qwenmcp.engine.model.TokenOutput;
import dev.qwenmcp.engine.sample.LeadingLogits;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The logits after one token, as far as the next draw depends on them; reused for each token. */
final class TokenLogits {
  private final int vocabulary;
  private final int known;
  private final LeadingLogits leading = new LeadingLogits(Kernels.MAXIMUM_ROWS);
  private float[] all; // null until all are needed, which many generations never do
  private boolean few;

  /**
   * @param vocabulary logits of a token
   * @param known tokens that may be drawn, the first ones
   */
  TokenLogits(int vocabulary, int known) {
    this.vocabulary = vocabulary;
    this.known = known;
  }

  /**
   * Copies what is needed.
   *
   * @param wanted how many of the likeliest tokens must be there; 0 for all
   */
  void take(TokenOutput output, int wanted) {
    few = wanted > 0 && leading.take(output.values(), output.maxima(), known, wanted);
    if (!few) {
      all = all == null ? new float[vocabulary] : all;
      copy(output.values(), all);
    }
  }

  /** Whether {@link #leading} has what is needed; all logits are there otherwise. */
  boolean few() {
    return few;
  }

  LeadingLogits leading() {
    return leading;
  }

  /** One a vocabulary entry; may be changed. Not there while {@link #few} is. */
  float[] all() {
    return all;
  }

  static void copy(MemorySegment values, float[] logits) {
    MemorySegment.copy(values, ValueLayout.JAVA_FLOAT, 0, logits, 0, logits.length);
  }
}
