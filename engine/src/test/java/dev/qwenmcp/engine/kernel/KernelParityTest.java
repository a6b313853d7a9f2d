package dev.qwenmcp.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.EngineOptions.KernelChoice;
import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.kernel.KernelCase.HeadShape;
import dev.qwenmcp.engine.kernel.KernelCase.MixtureShape;
import dev.qwenmcp.engine.kernel.KernelCase.ProductShape;
import dev.qwenmcp.engine.kernel.RandomInputs.Span;
import dev.qwenmcp.engine.kv.KvType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** The native kernels give the same bits as the Java ones, with 1, 2 and 3 threads. */
class KernelParityTest {
  static final List<GgmlType> TYPES = KernelCase.TYPES;

  private static final List<Kernels> NATIVE = new ArrayList<>();
  private static ReferenceKernels java;

  private Arena arena;
  private RandomInputs in;

  @BeforeAll
  static void open() {
    NativeAvailability.require();
    java = ReferenceKernels.quantised(1);
    for (int threads = 1; threads <= 3; threads++) {
      NATIVE.add(KernelSelection.open(KernelChoice.NATIVE, threads));
    }
  }

  @AfterAll
  static void close() {
    NATIVE.forEach(Kernels::close);
    NATIVE.clear();
    if (java != null) {
      java.close();
    }
  }

  @BeforeEach
  void newInputs() {
    arena = Arena.ofShared();
    in = new RandomInputs(3, arena);
  }

  @AfterEach
  void release() {
    arena.close();
  }

  private void check(String name, KernelCase operation) {
    List<MemorySegment> expected = operation.run(java);
    for (Kernels kernels : NATIVE) {
      List<MemorySegment> found = operation.run(kernels);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(found.get(i).mismatch(expected.get(i)))
            .as("%s: first differing byte of result %d, %s", name, i, kernels.description())
            .isEqualTo(-1);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void embeddings(GgmlType type) {
    for (int blocks = 1; blocks <= 5; blocks++) {
      int d = type.quantised() ? blocks * type.blockSize() : 31 * blocks;
      check(type + " width " + d, KernelCase.embed(in, type, 7, d));
    }
  }

  /** Every batch size up to 70, with rows that fill no panel. */
  @ParameterizedTest
  @FieldSource("TYPES")
  void productsOfEveryBatchSize(GgmlType type) {
    for (int n = 1; n <= 70; n++) {
      ProductShape shape = new ProductShape(n, 1 + in.below(40), 256, n % 2 == 0);
      check(type + " " + shape, KernelCase.project(in, List.of(type), shape));
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void productsOfEveryWidth(GgmlType type) {
    for (int blocks = 1; blocks <= 9; blocks++) {
      int cols = type.quantised() ? blocks * type.blockSize() : 1 + in.below(300);
      for (int n : new int[] {1, 2, 5, 17}) {
        ProductShape shape = new ProductShape(n, 1 + in.below(20), cols, n == 2);
        check(type + " " + shape, KernelCase.project(in, List.of(type), shape));
      }
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void productsThatShareAnInput(GgmlType type) {
    for (int n : new int[] {1, 3, 33}) {
      for (GgmlType second : TYPES) {
        ProductShape shape = new ProductShape(n, 1 + in.below(50), 256, true);
        check(
            type + ", " + second + " " + shape,
            KernelCase.project(in, List.of(type, second, type), shape));
      }
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void feedForwards(GgmlType type) {
    for (int n : new int[] {1, 2, 4, 9, 31, 64, 70}) {
      check(type + ", " + n + " tokens", KernelCase.feedForward(in, type, type, type, n, 256, 512));
      GgmlType other = TYPES.get(in.below(TYPES.size()));
      check(
          type + " up " + other + ", " + n + " tokens",
          KernelCase.feedForward(in, type, other, type, n, 256, 256));
    }
  }

  @ParameterizedTest
  @FieldSource("TYPES")
  void mixtures(GgmlType type) {
    List<MixtureShape> shapes =
        List.of(
            new MixtureShape(1, 256, 256, 1, 1),
            new MixtureShape(1, 256, 256, 8, 2),
            new MixtureShape(2, 256, 256, 5, 5),
            new MixtureShape(13, 256, 256, 9, 3),
            new MixtureShape(64, 256, 256, 4, 2),
            new MixtureShape(70, 256, 256, 33, 8));
    for (MixtureShape shape : shapes) {
      check(type + " " + shape, KernelCase.mixture(in, type, type, shape));
    }
    // Hidden widths that K-quants do not fit take another type in down.
    GgmlType fallback = List.of(GgmlType.Q8_0, GgmlType.Q5_0, GgmlType.F16).get(in.below(3));
    if (!type.quantised() || type.blockSize() == 32) {
      MixtureShape narrow = new MixtureShape(11, 96, 160, 6, 2);
      check(type + " " + narrow, KernelCase.mixture(in, type, fallback, narrow));
    }
    MixtureShape narrow = new MixtureShape(11, 256, 96, 6, 2);
    check(type + " " + narrow, KernelCase.mixture(in, type, fallback, narrow));
  }

  @Test
  void manyExperts() {
    MixtureShape shape = new MixtureShape(40, 64, 32, 128, 8);
    check(shape.toString(), KernelCase.mixture(in, GgmlType.Q8_0, GgmlType.Q4_0, shape));
  }

  private static List<HeadShape> headShapes() {
    return List.of(
        new HeadShape(1, 1, 32),
        new HeadShape(4, 2, 64),
        new HeadShape(3, 3, 96),
        new HeadShape(8, 1, 128),
        new HeadShape(6, 2, 160),
        new HeadShape(10, 2, 256));
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  void keysAndValues(KvType type) {
    List<HeadShape> shapes = new ArrayList<>(headShapes());
    if (type != KvType.Q8_0) {
      shapes.add(new HeadShape(2, 1, 2));
      shapes.add(new HeadShape(2, 2, 18));
      shapes.add(new HeadShape(5, 1, 80));
    }
    for (HeadShape shape : shapes) {
      for (List<Span> spans : spans()) {
        for (boolean normed : new boolean[] {true, false}) {
          check(
              type + " " + shape + " " + spans + (normed ? " normed" : ""),
              KernelCase.appendKv(in, type, shape, spans, normed));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  void attention(KvType type) {
    List<HeadShape> shapes = new ArrayList<>(headShapes());
    if (type != KvType.Q8_0) {
      shapes.add(new HeadShape(2, 1, 2));
      shapes.add(new HeadShape(2, 2, 18));
      shapes.add(new HeadShape(5, 1, 80));
    }
    for (HeadShape shape : shapes) {
      for (List<Span> spans : spans()) {
        check(type + " " + shape + " " + spans, KernelCase.attend(in, type, shape, spans));
      }
    }
  }

  private static List<List<Span>> spans() {
    return List.of(
        List.of(new Span(0, 1)),
        List.of(new Span(0, 70)),
        List.of(new Span(63, 64)),
        List.of(new Span(64, 65)),
        List.of(new Span(300, 301)),
        List.of(new Span(120, 137), new Span(0, 3), new Span(63, 66)),
        IntStream.range(0, 9).mapToObj(i -> new Span(17 * i, 17 * i + 1)).toList());
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  void attentionOfEveryBatchSize(KvType type) {
    HeadShape shape = new HeadShape(4, 2, 64);
    for (int n = 1; n <= 70; n++) {
      int start = in.below(150);
      List<Span> spans = List.of(new Span(start, start + n));
      check(type + " " + spans, KernelCase.attend(in, type, shape, spans));
    }
  }
}
