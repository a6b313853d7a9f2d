package dev.qwenmcp.engine.kernel;

import dev.qwenmcp.engine.gguf.GgmlType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One mixture of Qwen3-30B-A3B's shape, n tokens: 128 experts of 768, 8 a token, 2048 wide, gate
 * and up in Q4_K, down in Q6_K.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1) // kernels are C: what differs from JVM to JVM is small
@Warmup(iterations = 2, time = 1) // the first run has memory mapped and threads started
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class MixtureBenchmark {
  private static final int WIDTH = 2048;
  private static final int EXPERTS = 128;
  private static final int HIDDEN = 768;
  private static final int USED = 8;

  @Param({"1", "16", "512"})
  public int n;

  private final Arena arena = Arena.ofShared();
  private NativeKernels kernels;
  private MemorySegment input;
  private Kernels.Mixture op;

  @Setup
  public void open() {
    kernels = NativeKernels.open(Runtime.getRuntime().availableProcessors());
    RandomInputs in = new RandomInputs(1, arena);
    input = in.floats((long) n * WIDTH);
    op =
        new Kernels.Mixture(
            n,
            in.copy(input),
            in.norm(WIDTH),
            in.matrix(GgmlType.F32, EXPERTS, WIDTH),
            in.experts(GgmlType.Q4_K, EXPERTS, HIDDEN, WIDTH),
            in.experts(GgmlType.Q4_K, EXPERTS, HIDDEN, WIDTH),
            in.experts(GgmlType.Q6_K, EXPERTS, WIDTH, HIDDEN),
            USED,
            null);
  }

  @Benchmark
  public void mixture() {
    op.x().copyFrom(input); // the operation adds to its input, which must not grow
    kernels.mixture(op);
  }

  @TearDown
  public void close() {
    kernels.close();
    arena.close();
  }
}
