package dev.qwenmcp.engine.kernel.reference;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.qwenmcp.engine.kernel.Kernels.AppendKv;
import dev.qwenmcp.engine.kernel.KvBatch;
import dev.qwenmcp.engine.kernel.Norm;
import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.KvType;
import java.lang.foreign.MemorySegment;

/** Per-head norm and rotation of queries and keys; storage of keys and values in the pages. */
public final class KvWriter {
  private KvWriter() {}

  /** Carries out the operation. */
  public static void append(AppendKv op) {
    KvBatch batch = op.batch();
    KvLayout layout = batch.layout();
    int dim = layout.headDim();
    int n = batch.tokens();
    float[] cos = Activations.floats(op.rotation().cos(), n * dim / 2);
    float[] sin = Activations.floats(op.rotation().sin(), n * dim / 2);
    float[] k = Activations.floats(op.k(), n * layout.kvHeads() * dim);
    float[] q = Activations.floats(op.q(), n * op.heads() * dim);
    float[] v = Activations.floats(op.v(), n * layout.kvHeads() * dim);
    normaliseAndRotate(q, op.heads(), dim, op.qNorm(), cos, sin);
    normaliseAndRotate(k, layout.kvHeads(), dim, op.kNorm(), cos, sin);
    MemorySegment.copy(q, 0, op.q(), JAVA_FLOAT_UNALIGNED, 0, q.length);
    MemorySegment.copy(k, 0, op.k(), JAVA_FLOAT_UNALIGNED, 0, k.length);
    for (int t = 0; t < n; t++) {
      int position = batch.position()[t];
      MemorySegment page =
          batch.tables().get(batch.sequence()[t]).page(position / KvLayout.PAGE_TOKENS);
      long row = position % KvLayout.PAGE_TOKENS * layout.rowBytes();
      for (int h = 0; h < layout.kvHeads(); h++) {
        int from = (t * layout.kvHeads() + h) * dim;
        store(layout.type(), k, from, dim, page, layout.keyOffset(op.layer(), h) + row);
        store(layout.type(), v, from, dim, page, layout.valueOffset(op.layer(), h) + row);
      }
    }
  }

  /** x (n, heads, dim); cos and sin (n, dim / 2). */
  private static void normaliseAndRotate(
      float[] x, int heads, int dim, Norm norm, float[] cos, float[] sin) {
    float[] weight = norm == null ? null : Activations.floats(norm.weight(), dim);
    int half = dim / 2;
    for (int from = 0; from < x.length; from += dim) {
      if (norm != null) {
        Arithmetic.rmsNorm(x, from, dim, weight, norm.epsilon());
      }
      int angles = from / (heads * dim) * half;
      for (int i = 0; i < half; i++) {
        float c = cos[angles + i];
        float s = sin[angles + i];
        float a = x[from + i];
        float b = x[from + i + half];
        x[from + i] = Math.fma(a, c, -(b * s));
        x[from + i + half] = Math.fma(a, s, b * c);
      }
    }
  }

  private static void store(
      KvType type, float[] x, int from, int dim, MemorySegment page, long offset) {
    switch (type) {
      case F32 -> MemorySegment.copy(x, from, page, JAVA_FLOAT_UNALIGNED, offset, dim);
      case F16 -> {
        for (int i = 0; i < dim; i++) {
          page.set(JAVA_SHORT_UNALIGNED, offset + 2L * i, Float.floatToFloat16(x[from + i]));
        }
      }
      case Q8_0 -> storeBlocks(x, from, dim, page, offset);
    }
  }

  private static void storeBlocks(float[] x, int from, int dim, MemorySegment page, long offset) {
    int block = RoundedActivations.BLOCK;
    int[] q = new int[block];
    float[] values = new float[block];
    long at = offset;
    for (int b = 0; b < dim; b += block) {
      System.arraycopy(x, from + b, values, 0, block);
      float d = RoundedActivations.round(values, 0, q);
      page.set(JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(d));
      for (int i = 0; i < block; i++) {
        page.set(JAVA_BYTE, at + 2 + i, (byte) q[i]);
      }
      at += 2 + block;
    }
  }
}
