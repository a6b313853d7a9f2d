package dev.qwenmcp.engine.kernel;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.kernel.RandomInputs.Span;
import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.KvType;
import dev.qwenmcp.engine.kv.PageTable;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One operation with fixed operands that can be run on any kernels.
 *
 * <p>Every run works on fresh copies of what the operation changes, and returns all of them.
 */
interface KernelCase {
  List<MemorySegment> run(Kernels kernels);

  /** The types that the engine computes with. */
  List<GgmlType> TYPES = Arrays.stream(GgmlType.values()).filter(GgmlType::supported).toList();

  static KernelCase embed(RandomInputs in, GgmlType type, int n, int d) {
    Matrix table = in.matrix(type, 19, d);
    int[] tokens = in.tokens(n, 19);
    return kernels -> {
      MemorySegment x = in.zeros((long) n * d);
      kernels.embed(new Kernels.Embed(table, tokens, x));
      return List.of(x);
    };
  }

  /**
   * Sizes of a product.
   *
   * @param n tokens
   * @param rows rows of the first weight; each further one has one more
   * @param cols elements of the input
   * @param normed whether a norm comes first; the input is of ordinary size then, else of all sizes
   */
  record ProductShape(int n, int rows, int cols, boolean normed) {}

  /** Products that share an input; every second one adds to its output. */
  static KernelCase project(RandomInputs in, List<GgmlType> types, ProductShape shape) {
    long inputs = (long) shape.n * shape.cols;
    MemorySegment x = shape.normed ? in.floats(inputs) : in.extremes(inputs);
    Norm norm = shape.normed ? in.norm(shape.cols) : null;
    List<Matrix> weights = new ArrayList<>();
    for (GgmlType type : types) {
      weights.add(in.matrix(type, shape.rows + weights.size(), shape.cols));
    }
    List<MemorySegment> before =
        weights.stream().map(w -> in.floats((long) shape.n * w.rows())).toList();
    return kernels -> {
      List<MemorySegment> ys = before.stream().map(in::copy).toList();
      List<MemorySegment> all = new ArrayList<>(ys);
      List<Kernels.Output> outputs = new ArrayList<>();
      for (int i = 0; i < ys.size(); i++) {
        Matrix w = weights.get(i);
        MemorySegment maxima = in.zeros((long) shape.n * Kernels.Output.maxima(w.rows()));
        outputs.add(new Kernels.Output(w, ys.get(i), i % 2 == 1, maxima));
        all.add(maxima);
      }
      kernels.project(new Kernels.Project(shape.n, x, norm, outputs));
      return all;
    };
  }

  static KernelCase feedForward(
      RandomInputs in, GgmlType gate, GgmlType up, GgmlType down, int n, int d, int ff) {
    MemorySegment before = in.floats((long) n * d);
    Norm norm = in.norm(d);
    Matrix gateW = in.matrix(gate, ff, d);
    Matrix upW = in.matrix(up, ff, d);
    Matrix downW = in.matrix(down, d, ff);
    return kernels -> {
      MemorySegment x = in.copy(before);
      kernels.feedForward(new Kernels.FeedForward(n, x, norm, gateW, upW, downW));
      return List.of(x);
    };
  }

  /**
   * Sizes of a mixture.
   *
   * @param n tokens
   * @param d width
   * @param ff width of an expert
   * @param experts experts of the layer
   * @param used experts of a token
   */
  record MixtureShape(int n, int d, int ff, int experts, int used) {}

  static KernelCase mixture(RandomInputs in, GgmlType type, GgmlType down, MixtureShape shape) {
    MemorySegment before = in.floats((long) shape.n * shape.d);
    Norm norm = in.norm(shape.d);
    Matrix router = in.matrix(GgmlType.F32, shape.experts, shape.d);
    ExpertMatrix gate = in.experts(type, shape.experts, shape.ff, shape.d);
    ExpertMatrix up = in.experts(type, shape.experts, shape.ff, shape.d);
    ExpertMatrix downW = in.experts(down, shape.experts, shape.d, shape.ff);
    return kernels -> {
      MemorySegment x = in.copy(before);
      MemorySegment routing = in.zeros((long) shape.n * shape.used);
      kernels.mixture(
          new Kernels.Mixture(shape.n, x, norm, router, gate, up, downW, shape.used, routing));
      return List.of(x, routing);
    };
  }

  /**
   * Heads of an attention layer.
   *
   * @param heads query heads
   * @param kvHeads key/value heads
   * @param headDim elements of a head
   */
  record HeadShape(int heads, int kvHeads, int headDim) {
    KvLayout layout(KvType type) {
      return new KvLayout(type, 2, kvHeads, headDim);
    }
  }

  static KernelCase appendKv(
      RandomInputs in, KvType type, HeadShape shape, List<Span> spans, boolean normed) {
    KvLayout layout = shape.layout(type);
    int n = spans.stream().mapToInt(s -> s.to() - s.from()).sum();
    MemorySegment q = in.floats((long) n * shape.heads * shape.headDim);
    MemorySegment k = in.floats((long) n * shape.kvHeads * shape.headDim);
    MemorySegment v = in.floats((long) n * shape.kvHeads * shape.headDim);
    Norm qNorm = normed ? in.norm(shape.headDim) : null;
    Norm kNorm = normed ? in.norm(shape.headDim) : null;
    Kernels.Rotation rotation = in.rotation(n, shape.headDim);
    return kernels -> {
      KvBatch batch = in.batch(layout, spans);
      MemorySegment ownQ = in.copy(q);
      MemorySegment ownK = in.copy(k);
      kernels.appendKv(
          new Kernels.AppendKv(batch, 1, shape.heads, ownQ, ownK, v, qNorm, kNorm, rotation));
      List<MemorySegment> results = new ArrayList<>(List.of(ownQ, ownK));
      for (PageTable table : batch.tables()) {
        for (int p = 0; p < table.size(); p++) {
          results.add(table.page(p));
        }
      }
      return results;
    };
  }

  static KernelCase attend(RandomInputs in, KvType type, HeadShape shape, List<Span> spans) {
    KvBatch batch = filled(in, shape.layout(type), spans);
    long width = (long) batch.tokens() * shape.heads * shape.headDim;
    MemorySegment q = in.floats(width);
    float scale = 1 / (float) Math.sqrt(shape.headDim);
    return kernels -> {
      MemorySegment out = in.zeros(width);
      kernels.attend(new Kernels.Attend(batch, 1, shape.heads, q, out, scale));
      return List.of(out);
    };
  }

  /** A batch whose sequences have random keys and values from position 0 on. */
  static KvBatch filled(RandomInputs in, KvLayout layout, List<Span> spans) {
    List<Span> whole = spans.stream().map(s -> new Span(0, s.to())).toList();
    KvBatch all = in.batch(layout, whole);
    int n = all.tokens();
    long width = (long) layout.kvHeads() * layout.headDim();
    try (Kernels kernels = ReferenceKernels.quantised(1)) {
      for (int layer = 0; layer < layout.layers(); layer++) {
        kernels.appendKv(
            new Kernels.AppendKv(
                all,
                layer,
                1,
                in.zeros((long) n * layout.headDim()),
                in.floats(n * width),
                in.floats(n * width),
                null,
                null,
                in.rotation(n, layout.headDim())));
      }
    }
    KvBatch places = in.batch(layout, spans);
    return new KvBatch(layout, places.sequence(), places.position(), all.tables());
  }

  /** Whether both hold the same bits. */
  static boolean same(List<MemorySegment> a, List<MemorySegment> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (a.get(i).mismatch(b.get(i)) != -1) {
        return false;
      }
    }
    return true;
  }
}
