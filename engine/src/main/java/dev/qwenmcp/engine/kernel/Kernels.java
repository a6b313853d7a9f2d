package dev.qwenmcp.engine.kernel;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.kv.PageMemory;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The fused operations that a transformer's forward pass is made of.
 *
 * <p>Activations are float32 in native memory, row-major {@code (n, width)} without gaps. Every
 * implementation follows the arithmetic of {@code docs/reference/arithmetic.md} operation by
 * operation, so that all of them, with any number of threads and any batch size, give the same
 * bits.
 *
 * <p>One instance computes one operation at a time; callers take turns.
 */
public interface Kernels extends AutoCloseable {
  /**
   * Version of the arithmetic that {@code docs/reference/arithmetic.md} fixes. Whoever changes a
   * bit of any result raises it: keys and values that were stored under another version are not
   * used.
   */
  int ARITHMETIC_VERSION = 2;

  /** What computes, for people: {@code "native avx512, 2 threads"}. */
  String description();

  /** Memory that these kernels read fast, for keys and values and for what passes compute in. */
  default PageMemory pageMemory() {
    return PageMemory.JAVA;
  }

  /** x (n, d) = rows of the embedding table, dequantised exactly. */
  void embed(Embed op);

  /** For each output: y (n, rows) = or += W · norm(x) (n, cols). */
  void project(Project op);

  /** Per-head norm and rotation of q in place and of k, then k and v stored in the KV pages. */
  void appendKv(AppendKv op);

  /** out (n, heads, headDim) = causal softmax attention of q over the pages of each sequence. */
  void attend(Attend op);

  /** x (n, d) += down · (silu(gate · norm(x)) * (up · norm(x))). */
  void feedForward(FeedForward op);

  /** x (n, d) += the weighted sum of the feed-forwards of each token's top experts. */
  void mixture(Mixture op);

  @Override
  void close();

  /**
   * @param table token embeddings (vocabulary, d)
   * @param tokens n token ids, each within the table
   * @param x output (n, d)
   */
  record Embed(Matrix table, int[] tokens, MemorySegment x) {
    public Embed {
      for (int token : tokens) {
        if (token < 0 || token >= table.rows()) {
          throw new IllegalArgumentException(
              "token " + token + " is outside the vocabulary of " + table.rows());
        }
      }
      Shapes.floats("x", x, (long) tokens.length * table.cols());
    }
  }

  /**
   * @param n tokens
   * @param x input (n, cols)
   * @param norm applied to x first; null for none
   * @param outputs products that share the input (and its quantisation), all with the same cols
   */
  record Project(int n, MemorySegment x, Norm norm, List<Output> outputs) {
    public Project {
      outputs = List.copyOf(outputs);
      int cols = outputs.getFirst().weight().cols();
      Shapes.floats("x", x, (long) n * cols);
      if (norm != null) {
        Shapes.floats("norm", norm.weight(), cols);
      }
      for (Output o : outputs) {
        if (o.weight().cols() != cols) {
          throw new IllegalArgumentException(
              "outputs share an input of " + cols + ", not " + o.weight().cols());
        }
        Shapes.floats("y", o.y(), (long) n * o.weight().rows());
        if (o.maxima() != null) {
          Shapes.floats("maxima", o.maxima(), (long) n * Output.maxima(o.weight().rows()));
        }
      }
    }
  }

  /** Neighbouring rows of an output that share one of its maxima. */
  int MAXIMUM_ROWS = 32;

  /**
   * @param weight W (rows, cols)
   * @param y output (n, rows)
   * @param add whether to add to y instead of replacing it
   * @param maxima (n, {@link #maxima}): the largest of each {@link #MAXIMUM_ROWS} neighbours of y,
   *     NaN where one of them is; null for none
   */
  record Output(Matrix weight, MemorySegment y, boolean add, MemorySegment maxima) {
    public Output(Matrix weight, MemorySegment y, boolean add) {
      this(weight, y, add, null);
    }

    /** How many maxima a token has. */
    public static int maxima(int rows) {
      return Math.ceilDiv(rows, MAXIMUM_ROWS);
    }
  }

  /**
   * @param batch places of the tokens; the layout gives kvHeads and headDim
   * @param layer index of the layer in the pages
   * @param heads query heads
   * @param q (n, heads, headDim), normalised and rotated in place
   * @param k (n, kvHeads, headDim), normalised and rotated in place, then stored
   * @param v (n, kvHeads, headDim), stored as it is
   * @param qNorm per-head norm of q, headDim gains; null for none
   * @param kNorm per-head norm of k; null for none
   * @param rotation cosines and sines of each token
   */
  record AppendKv(
      KvBatch batch,
      int layer,
      int heads,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      Norm qNorm,
      Norm kNorm,
      Rotation rotation) {
    public AppendKv {
      long n = batch.tokens();
      int dim = batch.layout().headDim();
      Shapes.floats("q", q, n * heads * dim);
      Shapes.floats("k", k, n * batch.layout().kvHeads() * dim);
      Shapes.floats("v", v, n * batch.layout().kvHeads() * dim);
      Shapes.floats("cos", rotation.cos(), n * (dim / 2));
      Shapes.floats("sin", rotation.sin(), n * (dim / 2));
      if (layer < 0 || layer >= batch.layout().layers() || dim % 2 != 0) {
        throw new IllegalArgumentException("layer " + layer + ", head dimension " + dim);
      }
    }
  }

  /**
   * Rotary position embedding in the half-split (NeoX) form: element i of a head pairs with element
   * i + headDim/2.
   *
   * @param cos (n, headDim/2)
   * @param sin (n, headDim/2)
   */
  record Rotation(MemorySegment cos, MemorySegment sin) {}

  /**
   * @param batch places of the tokens
   * @param layer index of the layer in the pages
   * @param heads query heads, a multiple of kvHeads; head h reads kv head h / (heads / kvHeads)
   * @param q (n, heads, headDim)
   * @param out (n, heads, headDim)
   * @param scale factor of the scores, 1/sqrt(headDim)
   */
  record Attend(
      KvBatch batch, int layer, int heads, MemorySegment q, MemorySegment out, float scale) {
    public Attend {
      long width = (long) batch.tokens() * heads * batch.layout().headDim();
      Shapes.floats("q", q, width);
      Shapes.floats("out", out, width);
      if (layer < 0 || layer >= batch.layout().layers() || heads % batch.layout().kvHeads() != 0) {
        throw new IllegalArgumentException(
            "layer " + layer + ", " + heads + " heads over " + batch.layout().kvHeads());
      }
    }
  }

  /**
   * @param n tokens
   * @param x (n, d), added to
   * @param norm before the products
   * @param gate (ff, d)
   * @param up (ff, d)
   * @param down (d, ff)
   */
  record FeedForward(int n, MemorySegment x, Norm norm, Matrix gate, Matrix up, Matrix down) {
    public FeedForward {
      Shapes.floats("x", x, (long) n * gate.cols());
      Shapes.floats("norm", norm.weight(), gate.cols());
      if (up.rows() != gate.rows()
          || up.cols() != gate.cols()
          || down.rows() != gate.cols()
          || down.cols() != gate.rows()) {
        throw new IllegalArgumentException("gate, up and down do not fit each other");
      }
    }
  }

  /**
   * @param n tokens
   * @param x (n, d), added to
   * @param norm before the router and the experts
   * @param router float32 (experts, d)
   * @param gate (experts, ff, d)
   * @param up (experts, ff, d)
   * @param down (experts, d, ff)
   * @param used experts of each token
   * @param routing where the chosen experts (n, used) int32 are written; null if not wanted
   */
  record Mixture(
      int n,
      MemorySegment x,
      Norm norm,
      Matrix router,
      ExpertMatrix gate,
      ExpertMatrix up,
      ExpertMatrix down,
      int used,
      MemorySegment routing) {
    public Mixture {
      int d = router.cols();
      Shapes.floats("x", x, (long) n * d);
      Shapes.floats("norm", norm.weight(), d);
      boolean fits =
          gate.experts() == router.rows()
              && up.experts() == router.rows()
              && down.experts() == router.rows()
              && gate.cols() == d
              && up.cols() == d
              && up.rows() == gate.rows()
              && down.rows() == d
              && down.cols() == gate.rows();
      if (!fits || used < 1 || used > router.rows()) {
        throw new IllegalArgumentException("router, gate, up and down do not fit each other");
      }
      if (router.type() != GgmlType.F32) {
        throw new IllegalArgumentException("a router is float32, not " + router.type());
      }
      if (routing != null) {
        Shapes.floats("routing", routing, (long) n * used);
      }
    }
  }
}
