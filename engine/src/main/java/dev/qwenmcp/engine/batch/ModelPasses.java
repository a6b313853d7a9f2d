package dev.qwenmcp.engine.batch;

import dev.qwenmcp.engine.kernel.KvBatch;
import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.model.ExpertListener;
import dev.qwenmcp.engine.model.ForwardPass;
import dev.qwenmcp.engine.model.QwenModel;
import java.util.List;

/** Passes of a model. */
final class ModelPasses implements PassRunner {
  private final QwenModel model;
  private final KvLayout layout;

  ModelPasses(QwenModel model, KvLayout layout) {
    this.model = model;
    this.layout = layout;
  }

  @Override
  public int fewTokens() {
    return Math.min(QwenModel.FEW_TOKENS, model.batchTokens());
  }

  @Override
  public Running start(Pass pass, ExpertListener experts) {
    ForwardPass forward =
        model.start(
            pass.tokens(),
            new KvBatch(layout, pass.sequence(), pass.position(), List.copyOf(pass.pages())),
            experts);
    return new Running() {
      @Override
      public boolean done() {
        return forward.done();
      }

      @Override
      public void nextLayer() {
        forward.nextLayer();
      }

      @Override
      public void outputs(int[] rows, QwenModel.OutputRow sink) {
        switch (pass.wanted()) {
          case LOGITS -> forward.logits(rows, sink);
          case STATES -> forward.states(rows, sink);
        }
      }
    };
  }
}
