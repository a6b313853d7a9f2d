package dev.qwenmcp.engine.kernel.reference;

import dev.qwenmcp.engine.kernel.Kernels.FeedForward;
import dev.qwenmcp.engine.kernel.reference.MatrixProduct.Term;
import java.util.List;

/** A dense SwiGLU layer. */
public final class GatedFeedForward {
  private final MatrixProduct product;

  public GatedFeedForward(MatrixProduct product) {
    this.product = product;
  }

  /** What the operation adds to x, (n, d). */
  public float[] of(FeedForward op) {
    Activations x = Activations.read(op.x(), op.n(), op.gate().cols(), op.norm());
    Term gate = new Term(op.gate(), x);
    Term up = new Term(op.up(), x);
    product.compute(List.of(gate, up));
    return product.of(op.down(), hidden(gate, up));
  }

  /** silu(gate) * up, the input of down. */
  static Activations hidden(Term gate, Term up) {
    float[] h = gate.y();
    for (int i = 0; i < h.length; i++) {
      h[i] = Arithmetic.silu(h[i]) * up.y()[i];
    }
    return new Activations(gate.x().n(), gate.weight().rows(), h);
  }
}
