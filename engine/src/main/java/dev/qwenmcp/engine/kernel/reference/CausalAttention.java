package dev.qwenmcp.engine.kernel.reference;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.kernel.Kernels.Attend;
import dev.qwenmcp.engine.kernel.KvBatch;
import dev.qwenmcp.engine.kv.KvLayout;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Grouped-query attention over KV pages with a running softmax, a page at a time (Milakov and
 * Gimelshein, "Online normalizer calculation for softmax", 2018).
 */
public final class CausalAttention {
  private static final int TILE = KvLayout.PAGE_TOKENS;

  private final Workers workers;

  public CausalAttention(Workers workers) {
    this.workers = workers;
  }

  /** The result of the operation, (n, heads, headDim). */
  public float[] of(Attend op) {
    KvBatch batch = op.batch();
    KvLayout layout = batch.layout();
    int n = batch.tokens();
    int dim = layout.headDim();
    Activations q = Activations.read(op.q(), n * op.heads(), dim, null);
    if (layout.type().ggmlType().quantised()) {
      q.rounded(layout.type().ggmlType()); // now, because the workers only read
    }
    float[] out = new float[n * op.heads() * dim];
    Group[] groups = new Group[workers.threads()];
    workers.each(
        n * layout.kvHeads(),
        (worker, item) -> {
          if (groups[worker] == null) {
            groups[worker] = new Group(op, q, out);
          }
          groups[worker].attend(item / layout.kvHeads(), item % layout.kvHeads());
        });
    return out;
  }

  /** The query heads of one token that share a key/value head, and the memory to compute them. */
  private static final class Group {
    private final Attend op;
    private final KvLayout layout;
    private final Activations q;
    private final float[] out;
    private final int dim;
    private final int heads;
    private final WeightPanel keys;
    private final ValueSum values;
    private final float[] scores = new float[TILE];
    private final ValueSum.State[] states;

    Group(Attend op, Activations q, float[] out) {
      this.op = op;
      this.layout = op.batch().layout();
      this.q = q;
      this.out = out;
      this.dim = layout.headDim();
      this.heads = op.heads() / layout.kvHeads();
      GgmlType type = layout.type().ggmlType();
      this.keys = WeightPanel.of(Precision.ROUNDED, type, dim, TILE);
      this.values = ValueSum.of(type, dim, TILE);
      this.states = new ValueSum.State[heads];
    }

    void attend(int token, int kvHead) {
      KvBatch batch = op.batch();
      int positions = batch.position()[token] + 1;
      int firstHead = token * op.heads() + kvHead * heads;
      Arrays.setAll(states, h -> new ValueSum.State(dim));
      for (int from = 0; from < positions; from += TILE) {
        MemorySegment page =
            batch.tables().get(batch.sequence()[token]).page(from / KvLayout.PAGE_TOKENS);
        int count = Math.min(TILE, positions - from);
        for (int j = 0; j < count; j++) {
          long row = j * layout.rowBytes();
          keys.load(page, layout.keyOffset(op.layer(), kvHead) + row, j);
          values.load(page, layout.valueOffset(op.layer(), kvHead) + row, j);
        }
        for (int h = 0; h < heads; h++) {
          for (int j = 0; j < count; j++) {
            scores[j] = keys.dot(j, q, firstHead + h) * op.scale();
          }
          values.add(scores, count, states[h]);
        }
      }
      for (int h = 0; h < heads; h++) {
        states[h].result(out, (firstHead + h) * dim);
      }
    }
  }
}
