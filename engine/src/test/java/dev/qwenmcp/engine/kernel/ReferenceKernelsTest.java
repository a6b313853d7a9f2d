package dev.qwenmcp.engine.kernel;

import static dev.qwenmcp.engine.kernel.DoubleMaths.distance;
import static dev.qwenmcp.engine.kernel.DoubleMaths.doubles;
import static dev.qwenmcp.engine.kernel.KernelCase.same;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.kernel.KernelCase.HeadShape;
import dev.qwenmcp.engine.kernel.KernelCase.MixtureShape;
import dev.qwenmcp.engine.kernel.KernelCase.ProductShape;
import dev.qwenmcp.engine.kernel.RandomInputs.Span;
import dev.qwenmcp.engine.kernel.reference.Dequantiser;
import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.KvType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Every operation against textbook maths, and its independence of threads and batches. */
class ReferenceKernelsTest {
  static final List<GgmlType> TYPES = KernelCase.TYPES;

  /** Float32 arithmetic over a few hundred terms. */
  private static final double FLOAT_ERROR = 2e-5;

  private final Arena arena = Arena.ofShared();
  private final RandomInputs in = new RandomInputs(11, arena);
  private final ReferenceKernels exact = ReferenceKernels.exact();
  private final ReferenceKernels quantised = ReferenceKernels.quantised(2);

  @AfterEach
  void release() {
    exact.close();
    quantised.close();
    arena.close();
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void embedLooksRowsUp(GgmlType type) {
    Matrix table = in.matrix(type, 9, 256);
    int[] tokens = {8, 0, 3, 3};
    MemorySegment x = in.zeros(4 * 256);
    quantised.embed(new Kernels.Embed(table, tokens, x));
    for (int t = 0; t < 4; t++) {
      assertThat(doubles(x, t * 256L, 256)).isEqualTo(DoubleMaths.row(table, tokens[t]));
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void exactProductsAreTheTextbookOnes(GgmlType type) {
    int n = 3;
    Norm norm = in.norm(256);
    Matrix w = in.matrix(type, 37, 256);
    MemorySegment x = in.floats(n * 256);
    MemorySegment y = in.floats(n * 37);
    MemorySegment added = in.copy(y);
    exact.project(
        new Kernels.Project(
            n,
            x,
            norm,
            List.of(new Kernels.Output(w, added, true), new Kernels.Output(w, y, false))));
    for (int t = 0; t < n; t++) {
      double[] product = DoubleMaths.product(w, DoubleMaths.norm(doubles(x, t * 256L, 256), norm));
      assertThat(distance(product, y, t * 37L)).isLessThan(FLOAT_ERROR);
    }
  }

  /**
   * The rounding of an activation is at most half a step of its block, and of the step itself at
   * most 2^-12 of 127 steps.
   */
  @ParameterizedTest
  @FieldSource("TYPES")
  void quantisedProductsAreWithinTheRoundingOfTheActivations(GgmlType type) {
    Matrix w = in.matrix(type, 41, 512);
    MemorySegment x = in.floats(512);
    MemorySegment y = in.zeros(41);
    quantised.project(new Kernels.Project(1, x, null, List.of(new Kernels.Output(w, y, false))));
    double[] values = doubles(x, 0, 512);
    for (int r = 0; r < 41; r++) {
      double[] row = DoubleMaths.row(w, r);
      double bound = 0;
      double size = 0;
      int block = type.blockSize() == 256 ? 256 : 32;
      for (int from = 0; from < 512; from += block) {
        double amax = 0;
        double weights = 0;
        for (int i = from; i < from + block; i++) {
          amax = Math.max(amax, Math.abs(values[i]));
          weights += Math.abs(row[i]);
          size += Math.abs(row[i] * values[i]);
        }
        bound += type.quantised() ? weights * amax / 127 * 0.535 : 0;
      }
      assertThat(Math.abs(DoubleMaths.dot(row, values) - y.getAtIndex(JAVA_FLOAT, r)))
          .isLessThan(bound + 1e-5 * size);
    }
  }

  @Test
  void aProductCanBeAddedToItsOutput() {
    Matrix w = in.matrix(GgmlType.Q4_K, 5, 256);
    MemorySegment x = in.floats(2 * 256);
    MemorySegment before = in.floats(2 * 5);
    MemorySegment added = in.copy(before);
    MemorySegment replaced = in.copy(before);
    quantised.project(
        new Kernels.Project(
            2,
            x,
            null,
            List.of(new Kernels.Output(w, added, true), new Kernels.Output(w, replaced, false))));
    for (int i = 0; i < 10; i++) {
      assertThat(added.getAtIndex(JAVA_FLOAT, i))
          .isEqualTo(before.getAtIndex(JAVA_FLOAT, i) + replaced.getAtIndex(JAVA_FLOAT, i));
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void exactFeedForwardIsTheTextbookOne(GgmlType type) {
    Norm norm = in.norm(256);
    Matrix gate = in.matrix(type, 512, 256);
    Matrix up = in.matrix(type, 512, 256);
    Matrix down = in.matrix(type, 256, 512);
    MemorySegment before = in.floats(2 * 256);
    MemorySegment x = in.copy(before);
    exact.feedForward(new Kernels.FeedForward(2, x, norm, gate, up, down));
    for (int t = 0; t < 2; t++) {
      double[] input = doubles(before, t * 256L, 256);
      double[] y = DoubleMaths.feedForward(gate, up, down, DoubleMaths.norm(input, norm));
      for (int i = 0; i < 256; i++) {
        y[i] += input[i];
      }
      assertThat(distance(y, x, t * 256L)).isLessThan(FLOAT_ERROR);
    }
  }

  @Test
  void exactMixtureIsTheTextbookOne() {
    int d = 64;
    int experts = 7;
    int used = 3;
    int n = 5;
    Norm norm = in.norm(d);
    Matrix router = in.matrix(GgmlType.F32, experts, d);
    ExpertMatrix gate = in.experts(GgmlType.Q8_0, experts, 96, d);
    ExpertMatrix up = in.experts(GgmlType.Q4_1, experts, 96, d);
    ExpertMatrix down = in.experts(GgmlType.F16, experts, d, 96);
    MemorySegment before = in.floats((long) n * d);
    MemorySegment x = in.copy(before);
    MemorySegment routing = in.zeros((long) n * used);
    exact.mixture(new Kernels.Mixture(n, x, norm, router, gate, up, down, used, routing));
    for (int t = 0; t < n; t++) {
      double[] input = DoubleMaths.norm(doubles(before, (long) t * d, d), norm);
      double[] p = DoubleMaths.softmax(DoubleMaths.product(router, input));
      int[] best =
          IntStream.range(0, experts)
              .boxed()
              .sorted((a, b) -> Double.compare(p[b], p[a]))
              .mapToInt(Integer::intValue)
              .limit(used)
              .toArray();
      double sum = IntStream.of(best).mapToDouble(e -> p[e]).sum();
      double[] y = doubles(before, (long) t * d, d);
      for (int k = 0; k < used; k++) {
        assertThat(routing.getAtIndex(JAVA_INT, (long) t * used + k)).isEqualTo(best[k]);
        double[] out =
            DoubleMaths.feedForward(
                gate.expert(best[k]), up.expert(best[k]), down.expert(best[k]), input);
        for (int i = 0; i < d; i++) {
          y[i] += p[best[k]] / sum * out[i];
        }
      }
      assertThat(distance(y, x, (long) t * d)).isLessThan(FLOAT_ERROR);
    }
  }

  /** Its logits decide between experts: they are never rounded. */
  @Test
  void aRouterIsFloat32() {
    Matrix router = in.matrix(GgmlType.Q8_0, 4, 64);
    ExpertMatrix expert = in.experts(GgmlType.Q8_0, 4, 64, 64);
    assertThatThrownBy(() ->
            new Kernels.Mixture(
                1, in.zeros(64), in.norm(64), router, expert, expert, expert, 2, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Q8_0");
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  void appendStoresRotatedKeysAndPlainValues(KvType type) {
    HeadShape shape = new HeadShape(4, 2, 64);
    KvLayout layout = shape.layout(type);
    KvBatch batch = in.batch(layout, List.of(new Span(62, 66), new Span(0, 1)));
    int n = batch.tokens();
    MemorySegment q = in.floats(n * 4 * 64L);
    MemorySegment k = in.floats(n * 2 * 64L);
    MemorySegment v = in.floats(n * 2 * 64L);
    MemorySegment qBefore = in.copy(q);
    MemorySegment kBefore = in.copy(k);
    Norm qNorm = in.norm(64);
    Norm kNorm = in.norm(64);
    Kernels.Rotation rotation = in.rotation(n, 64);
    quantised.appendKv(new Kernels.AppendKv(batch, 1, 4, q, k, v, qNorm, kNorm, rotation));
    // Half a unit of the largest element, which is at most sqrt(64) times the rms.
    double rounding =
        switch (type) {
          case F32 -> 0;
          case F16 -> 8 * 0x1p-11;
          case Q8_0 -> 8 * 0.51 / 127;
        };
    for (int t = 0; t < n; t++) {
      for (int h = 0; h < 4; h++) {
        double[] expected = rotated(qBefore, t, t * 4 + h, qNorm, rotation);
        assertThat(distance(expected, q, (t * 4 + h) * 64L)).isLessThan(1e-5);
      }
      MemorySegment page = batch.tables().get(batch.sequence()[t]).page(batch.position()[t] / 64);
      long row = batch.position()[t] % 64 * layout.rowBytes();
      for (int h = 0; h < 2; h++) {
        double[] expected = rotated(kBefore, t, t * 2 + h, kNorm, rotation);
        assertThat(distance(expected, k, (t * 2 + h) * 64L)).isLessThan(1e-5);
        assertThat(distance(expected, stored(layout, page, layout.keyOffset(1, h) + row), 0))
            .isLessThan(1e-5 + rounding);
        assertThat(
                distance(
                    doubles(v, (t * 2 + h) * 64L, 64),
                    stored(layout, page, layout.valueOffset(1, h) + row),
                    0))
            .isLessThan(1e-9 + rounding);
      }
      assertThat(page.asSlice(0, layout.keyOffset(1, 0)).mismatch(in.zeros(1 << 20)))
          .as("the first layer is untouched")
          .isEqualTo(layout.keyOffset(1, 0));
    }
  }

  private static double[] rotated(
      MemorySegment x, int token, int row, Norm norm, Kernels.Rotation rotation) {
    double[] head = DoubleMaths.norm(doubles(x, row * 64L, 64), norm);
    double[] cos = doubles(rotation.cos(), token * 32L, 32);
    double[] sin = doubles(rotation.sin(), token * 32L, 32);
    double[] y = new double[64];
    for (int i = 0; i < 32; i++) {
      y[i] = head[i] * cos[i] - head[i + 32] * sin[i];
      y[i + 32] = head[i] * sin[i] + head[i + 32] * cos[i];
    }
    return y;
  }

  private MemorySegment stored(KvLayout layout, MemorySegment page, long offset) {
    float[] row = new float[layout.headDim()];
    new Dequantiser(layout.type().ggmlType(), layout.headDim()).row(page, offset, row, 0);
    return in.zeros(row.length).copyFrom(MemorySegment.ofArray(row));
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  void attentionIsTheTextbookOne(KvType type) {
    HeadShape shape = new HeadShape(6, 2, 96);
    KvLayout layout = shape.layout(type);
    List<Span> spans = List.of(new Span(126, 131), new Span(0, 2), new Span(63, 64));
    KvBatch batch = KernelCase.filled(in, layout, spans);
    int n = batch.tokens();
    MemorySegment q = in.floats(n * 6 * 96L);
    MemorySegment out = in.zeros(n * 6 * 96L);
    float scale = 1 / (float) Math.sqrt(96);
    quantised.attend(new Kernels.Attend(batch, 1, 6, q, out, scale));
    for (int t = 0; t < n; t++) {
      for (int h = 0; h < 6; h++) {
        double[] query = doubles(q, (t * 6 + h) * 96L, 96);
        int positions = batch.position()[t] + 1;
        double[] scores = new double[positions];
        List<double[]> values = new ArrayList<>();
        for (int j = 0; j < positions; j++) {
          MemorySegment page = batch.tables().get(batch.sequence()[t]).page(j / 64);
          long row = j % 64 * layout.rowBytes();
          MemorySegment key = stored(layout, page, layout.keyOffset(1, h / 3) + row);
          scores[j] = DoubleMaths.dot(query, doubles(key, 0, 96)) * scale;
          MemorySegment value = stored(layout, page, layout.valueOffset(1, h / 3) + row);
          values.add(doubles(value, 0, 96));
        }
        double[] p = DoubleMaths.softmax(scores);
        double[] expected = new double[96];
        for (int j = 0; j < positions; j++) {
          for (int i = 0; i < 96; i++) {
            expected[i] += p[j] * values.get(j)[i];
          }
        }
        // With Q8_0 keys the query is rounded to 8 bits.
        assertThat(distance(expected, out, (t * 6 + h) * 96L))
            .isLessThan(type == KvType.Q8_0 ? 0.1 : FLOAT_ERROR);
      }
    }
  }

  /** Cases of every operation; sizes that do not divide evenly. */
  private Stream<KernelCase> cases() {
    List<Span> spans = List.of(new Span(60, 80), new Span(0, 5));
    HeadShape heads = new HeadShape(4, 2, 64);
    ProductShape product = new ProductShape(6, 33, 256, true);
    MixtureShape mixture = new MixtureShape(9, 256, 256, 5, 2);
    Stream<KernelCase> perType =
        TYPES.stream()
            .flatMap(type ->
                Stream.of(
                    KernelCase.project(in, List.of(type, GgmlType.Q6_K), product),
                    KernelCase.feedForward(in, type, GgmlType.F16, type, 5, 256, 256),
                    KernelCase.mixture(in, type, GgmlType.Q8_0, mixture)));
    Stream<KernelCase> perKvType =
        Stream.of(KvType.values())
            .flatMap(type ->
                Stream.of(
                    KernelCase.appendKv(in, type, heads, spans, true),
                    KernelCase.attend(in, type, heads, spans)));
    return Stream.concat(perType, perKvType);
  }

  @Test
  void resultsDoNotDependOnTheNumberOfThreads() {
    try (Kernels one = ReferenceKernels.quantised(1);
        Kernels three = ReferenceKernels.quantised(3)) {
      cases()
          .forEach(operation -> {
            List<MemorySegment> expected = operation.run(one);
            assertThat(same(operation.run(quantised), expected)).isTrue();
            assertThat(same(operation.run(three), expected)).isTrue();
          });
    }
  }

  @Test
  void saysWhatComputes() {
    assertThat(quantised.description()).isEqualTo("java, 2 threads");
    assertThat(exact.description()).isEqualTo("java exact, 1 thread");
  }
}
