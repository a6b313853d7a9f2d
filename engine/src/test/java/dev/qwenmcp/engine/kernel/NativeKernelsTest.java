package dev.qwenmcp.engine.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.kernel.ffm.NativeLibraryException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is particular to the native kernels; their results are compared in KernelParityTest. */
class NativeKernelsTest {
  private Arena arena;
  private RandomInputs in;

  @BeforeEach
  void open() {
    NativeAvailability.require();
    arena = Arena.ofShared();
    in = new RandomInputs(1, arena);
  }

  @AfterEach
  void close() {
    if (arena != null) {
      arena.close();
    }
  }

  private Matrix identity(int size) {
    MemorySegment data = arena.allocate(4L * size * size, 64);
    for (int i = 0; i < size; i++) {
      data.setAtIndex(JAVA_FLOAT, (long) i * size + i, 1);
    }
    return new Matrix(GgmlType.F32, size, size, data);
  }

  @Test
  void sayWhatComputes() {
    try (NativeKernels kernels = NativeKernels.open(1)) {
      assertThat(kernels.description())
          .matches("native (avx512|avxvnni|avx2|neon|neon-dotprod|scalar), 1 thread");
    }
  }

  @Test
  void measureWhatTheMachineCanDo() {
    try (NativeKernels kernels = NativeKernels.open(2)) {
      MachineLimits limits = kernels.measureLimits(4 << 20);

      assertThat(limits.threads()).isEqualTo(2);
      assertThat(limits.readBytes()).isBetween(1e6, 1e14);
      assertThat(limits.int8Products()).isBetween(1e6, 1e15);
      assertThatThrownBy(() -> kernels.measureLimits(5))
          .isInstanceOf(KernelException.class)
          .hasMessageContaining("5 bytes");
    }
  }

  @Test
  void projectOntoAnIdentity() {
    MemorySegment x = in.floats(3 * 20);
    MemorySegment y = in.zeros(3 * 20);
    try (NativeKernels kernels = NativeKernels.open(2)) {
      kernels.project(
          new Kernels.Project(3, x, null, List.of(new Kernels.Output(identity(20), y, false))));
    }
    assertThat(y.mismatch(x)).isEqualTo(-1);
  }

  @Test
  void takeAnEmptyBatch() {
    MemorySegment nothing = arena.allocate(4);
    Matrix w = identity(4);
    try (NativeKernels kernels = NativeKernels.open(1)) {
      kernels.embed(new Kernels.Embed(w, new int[0], nothing));
      kernels.project(
          new Kernels.Project(0, nothing, null, List.of(new Kernels.Output(w, nothing, false))));
    }
  }

  @Test
  void refuseWorkOnceClosed() {
    NativeKernels kernels = NativeKernels.open(1);
    kernels.close();
    kernels.close();
    assertThatThrownBy(kernels::description).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refuseMemoryThatWasFreed() {
    Matrix freed;
    try (Arena shortLived = Arena.ofShared()) {
      freed = new Matrix(GgmlType.F32, 1, 4, shortLived.allocate(16, 64));
    }
    MemorySegment x = in.zeros(4);
    try (NativeKernels kernels = NativeKernels.open(1)) {
      Kernels.Embed op = new Kernels.Embed(freed, new int[] {0}, x);
      assertThatThrownBy(() -> kernels.embed(op))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("freed");
    }
  }

  @Test
  void nameWhatTheNativeSideRefuses() {
    MemorySegment x = in.floats(8);
    Matrix w = identity(8);
    Kernels.Output overInput = new Kernels.Output(w, x, false);
    try (NativeKernels kernels = NativeKernels.open(1)) {
      Kernels.Project op = new Kernels.Project(1, x, null, List.of(overInput));
      assertThatThrownBy(() -> kernels.project(op))
          .isInstanceOf(KernelException.class)
          .hasMessageContaining("overlap");
    }
  }

  @Test
  void refuseTooManyThreads() {
    assertThatThrownBy(() -> NativeKernels.open(257))
        .isInstanceOf(NativeLibraryException.class)
        .hasMessageContaining("fewer");
  }

  /** Several instances at once, each with its own threads and scratch. */
  @Test
  void computeSideBySide() {
    KernelCase operation =
        KernelCase.project(
            in, List.of(GgmlType.Q4_K), new KernelCase.ProductShape(9, 100, 512, true));
    List<MemorySegment> expected;
    try (ReferenceKernels java = ReferenceKernels.quantised(1)) {
      expected = operation.run(java);
    }
    boolean equal =
        IntStream.range(0, 4)
            .parallel()
            .allMatch(i -> {
              try (NativeKernels kernels = NativeKernels.open(2)) {
                boolean same = true;
                for (int round = 0; round < 20; round++) {
                  same &= KernelCase.same(operation.run(kernels), expected);
                }
                return same;
              }
            });
    assertThat(equal).isTrue();
  }
}
