package dev.qwenmcp.engine.kernel.reference;

import dev.qwenmcp.engine.kernel.Kernels.Mixture;
import dev.qwenmcp.engine.kernel.reference.MatrixProduct.Term;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A mixture of SwiGLU experts: each is computed once for all the tokens that chose it. */
public final class ExpertMixture {
  private final MatrixProduct product;

  public ExpertMixture(MatrixProduct product) {
    this.product = product;
  }

  /** What the operation adds to x, (n, d); writes the routing if it is wanted. */
  public float[] of(Mixture op) {
    int d = op.router().cols();
    Activations x = Activations.read(op.x(), op.n(), d, op.norm());
    Router router = Router.choose(product.of(op.router(), x), op.n(), op.used());
    if (op.routing() != null) {
      MemorySegment.copy(
          MemorySegment.ofArray(router.experts()), 0, op.routing(), 0, 4L * op.n() * op.used());
    }
    List<Call> calls = calls(router, op.router().rows());
    List<Term> gateAndUp = new ArrayList<>();
    for (Call call : calls) {
      Activations own = x.select(call.tokens(op.used()));
      gateAndUp.add(new Term(op.gate().expert(call.expert()), own));
      gateAndUp.add(new Term(op.up().expert(call.expert()), own));
    }
    product.compute(gateAndUp);
    List<Term> down = new ArrayList<>();
    for (int c = 0; c < calls.size(); c++) {
      Activations h = GatedFeedForward.hidden(gateAndUp.get(2 * c), gateAndUp.get(2 * c + 1));
      down.add(new Term(op.down().expert(calls.get(c).expert()), h));
    }
    product.compute(down);
    float[] outputs = new float[Math.multiplyExact(op.n() * op.used(), d)]; // (n, used, d)
    for (int c = 0; c < calls.size(); c++) {
      calls.get(c).place(down.get(c).y(), outputs, d);
    }
    return weightedSum(router, outputs, op.n(), d);
  }

  /**
   * An expert and the places that it was chosen for.
   *
   * @param places indices into the routing (n, used), rising
   */
  private record Call(int expert, int[] places) {
    int[] tokens(int used) {
      return Arrays.stream(places).map(place -> place / used).toArray();
    }

    /** Copies y (places, d) into outputs (n, used, d). */
    void place(float[] y, float[] outputs, int d) {
      for (int i = 0; i < places.length; i++) {
        System.arraycopy(y, i * d, outputs, places[i] * d, d);
      }
    }
  }

  private static List<Call> calls(Router router, int experts) {
    List<Call> calls = new ArrayList<>();
    for (int e = 0; e < experts; e++) {
      int expert = e;
      int[] places =
          IntStream.range(0, router.experts().length)
              .filter(place -> router.experts()[place] == expert)
              .toArray();
      if (places.length > 0) {
        calls.add(new Call(expert, places));
      }
    }
    return calls;
  }

  private static float[] weightedSum(Router router, float[] outputs, int n, int d) {
    float[] y = new float[n * d];
    for (int t = 0; t < n; t++) {
      for (int k = t * router.used(); k < (t + 1) * router.used(); k++) {
        float weight = router.weights()[k];
        for (int i = 0; i < d; i++) {
          y[t * d + i] = Math.fma(weight, outputs[k * d + i], y[t * d + i]);
        }
      }
    }
    return y;
  }
}
