package dev.qwenmcp.engine.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.qwenmcp.engine.kernel.reference.Activations;
import dev.qwenmcp.engine.kernel.reference.CausalAttention;
import dev.qwenmcp.engine.kernel.reference.Dequantiser;
import dev.qwenmcp.engine.kernel.reference.ExpertMixture;
import dev.qwenmcp.engine.kernel.reference.GatedFeedForward;
import dev.qwenmcp.engine.kernel.reference.KvWriter;
import dev.qwenmcp.engine.kernel.reference.MatrixProduct;
import dev.qwenmcp.engine.kernel.reference.Precision;
import dev.qwenmcp.engine.kernel.reference.Workers;
import java.lang.foreign.MemorySegment;

/**
 * The kernels in plain Java: the oracle of the native ones, and what computes where there is no
 * native library.
 *
 * <p>Two forms: {@link #quantised} follows {@code docs/reference/arithmetic.md} operation by
 * operation and gives the same bits as the native kernels; {@link #exact} is the forward pass over
 * the dequantised weights, against which the error of the quantised form is measured.
 *
 * <p>With more than one thread, weights and KV pages are read by threads other than the caller's:
 * their segments must not be confined to one.
 */
public final class ReferenceKernels implements Kernels {
  private final Precision precision;
  private final Workers workers;
  private final MatrixProduct product;
  private final GatedFeedForward feedForward;
  private final ExpertMixture mixture;
  private final CausalAttention attention;

  private ReferenceKernels(Precision precision, int threads) {
    this.precision = precision;
    this.workers = new Workers(threads);
    this.product = new MatrixProduct(precision, workers);
    this.feedForward = new GatedFeedForward(product);
    this.mixture = new ExpertMixture(product);
    this.attention = new CausalAttention(workers);
  }

  /**
   * The arithmetic of {@code docs/reference/arithmetic.md}; results do not depend on {@code
   * threads}.
   *
   * @param threads threads that share an operation, the caller's among them, at least 1
   */
  public static ReferenceKernels quantised(int threads) {
    return new ReferenceKernels(Precision.ROUNDED, threads);
  }

  /**
   * Products with weights use the dequantised weights and the activations as they are, and sum in
   * double; everything else is as in {@link #quantised}. For measuring errors, on one thread.
   */
  public static ReferenceKernels exact() {
    return new ReferenceKernels(Precision.EXACT, 1);
  }

  @Override
  public String description() {
    return (precision == Precision.EXACT ? "java exact, " : "java, ")
        + workers.threads()
        + (workers.threads() == 1 ? " thread" : " threads");
  }

  @Override
  public void embed(Embed op) {
    Matrix table = op.table();
    Dequantiser dequantiser = new Dequantiser(table.type(), table.cols());
    float[] x = new float[Math.multiplyExact(op.tokens().length, table.cols())];
    for (int t = 0; t < op.tokens().length; t++) {
      dequantiser.row(table.data(), op.tokens()[t] * table.rowBytes(), x, t * table.cols());
    }
    write(x, op.x());
  }

  @Override
  public void project(Project op) {
    int cols = op.outputs().getFirst().weight().cols();
    Activations x = Activations.read(op.x(), op.n(), cols, op.norm());
    for (Output output : op.outputs()) {
      float[] y = product.of(output.weight(), x);
      if (output.add()) {
        add(y, output.y());
      } else {
        write(y, output.y());
      }
      if (output.maxima() != null) {
        writeMaxima(output, op.n());
      }
    }
  }

  private static void writeMaxima(Output output, int n) {
    int rows = output.weight().rows();
    int count = Output.maxima(rows);
    for (int t = 0; t < n; t++) {
      for (int i = 0; i < count; i++) {
        int first = i * MAXIMUM_ROWS;
        int end = Math.min(first + MAXIMUM_ROWS, rows);
        float most = output.y().getAtIndex(JAVA_FLOAT_UNALIGNED, (long) t * rows + first);
        for (int row = first + 1; row < end; row++) {
          float y = output.y().getAtIndex(JAVA_FLOAT_UNALIGNED, (long) t * rows + row);
          most = y <= most || Float.isNaN(most) ? most : y;
        }
        output.maxima().setAtIndex(JAVA_FLOAT_UNALIGNED, (long) t * count + i, most);
      }
    }
  }

  @Override
  public void appendKv(AppendKv op) {
    KvWriter.append(op);
  }

  @Override
  public void attend(Attend op) {
    write(attention.of(op), op.out());
  }

  @Override
  public void feedForward(FeedForward op) {
    add(feedForward.of(op), op.x());
  }

  @Override
  public void mixture(Mixture op) {
    add(mixture.of(op), op.x());
  }

  @Override
  public void close() {
    workers.close();
  }

  private static void write(float[] y, MemorySegment out) {
    MemorySegment.copy(y, 0, out, JAVA_FLOAT_UNALIGNED, 0, y.length);
  }

  private static void add(float[] y, MemorySegment out) {
    for (int i = 0; i < y.length; i++) {
      float sum = out.getAtIndex(JAVA_FLOAT_UNALIGNED, i) + y[i];
      out.setAtIndex(JAVA_FLOAT_UNALIGNED, i, sum);
    }
  }
}
