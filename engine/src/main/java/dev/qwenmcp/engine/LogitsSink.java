package dev.qwenmcp.engine;

/** Hears of the logits of one position after another. */
@FunctionalInterface
public interface LogitsSink {
  /**
   * @param position index of the token in its session
   * @param logits what the model expects after it, one a vocabulary entry; valid during the call
   */
  void accept(int position, float[] logits);
}
