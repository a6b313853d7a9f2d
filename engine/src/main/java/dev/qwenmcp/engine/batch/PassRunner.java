package dev.qwenmcp.engine.batch;

import dev.qwenmcp.engine.model.ExpertListener;
import dev.qwenmcp.engine.model.QwenModel;

/** Computes passes layer by layer, one layer at a time. */
interface PassRunner {
  /** Most tokens of a short pass. */
  int fewTokens();

  /**
   * Begins a pass. A short and a long one may be under way at a time.
   *
   * @param experts hears which experts its tokens take
   * @throws IllegalArgumentException if it has too many tokens or an unknown one
   */
  Running start(Pass pass, ExpertListener experts);

  /** A pass under way. */
  interface Running {
    boolean done();

    void nextLayer();

    /** What the pass wants of some of its tokens, once all layers are done. */
    void outputs(int[] rows, QwenModel.OutputRow sink);
  }
}
