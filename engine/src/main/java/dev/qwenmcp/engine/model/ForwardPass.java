package dev.qwenmcp.engine.model;

import dev.qwenmcp.engine.kernel.KvBatch;

/**
 * A batch of tokens on its way through the layers. It may be left between two of them: keys and
 * values of the layers so far are in the pages then, and are overwritten by the next pass there.
 */
public final class ForwardPass {
  private final QwenModel model;
  private final KvBatch batch;
  private final Activations activations;
  private final ExpertListener experts;
  private int layers; // done

  ForwardPass(QwenModel model, KvBatch batch, Activations activations, ExpertListener experts) {
    this.model = model;
    this.batch = batch;
    this.activations = activations;
    this.experts = experts;
  }

  /** Whether all layers are done: keys and values of all tokens are in the pages. */
  public boolean done() {
    return layers == model.config().layers();
  }

  /**
   * Computes the next layer.
   *
   * @throws IllegalStateException if there is none
   */
  public void nextLayer() {
    if (done()) {
      throw new IllegalStateException("all " + layers + " layers are done");
    }
    model.layer(layers, batch, activations, experts);
    layers++;
  }

  /**
   * Logits after some of the tokens.
   *
   * @param rows indices of the tokens in the pass
   * @param sink hears of each in the same order
   * @throws IllegalStateException if layers are left
   */
  public void logits(int[] rows, QwenModel.OutputRow sink) {
    requireDone();
    model.logits(activations, rows, sink);
  }

  /**
   * States after some of the tokens: what logits are made of.
   *
   * @param rows indices of the tokens in the pass
   * @param sink hears of each (width) in the same order
   * @throws IllegalStateException if layers are left
   */
  public void states(int[] rows, QwenModel.OutputRow sink) {
    requireDone();
    model.states(activations, rows, sink);
  }

  private void requireDone() {
    if (!done()) {
      throw new IllegalStateException("only " + layers + " layers are done");
    }
  }
}
