package dev.qwenmcp.engine.kernel;

import dev.qwenmcp.engine.gguf.GgmlType;
import java.lang.foreign.Arena;
import java.util.List;
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

/** One matrix (32768, 2048), larger than caches, times n tokens, with a thread a core. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1) // kernels are C: what differs from JVM to JVM is small
@Warmup(iterations = 2, time = 1) // the first run has memory mapped and threads started
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class ProjectBenchmark {
  private static final int ROWS = 32_768;
  private static final int COLS = 2048;

  @Param({"Q4_K", "Q6_K", "Q8_0", "Q4_0", "Q5_K", "F16"})
  public GgmlType type;

  @Param({"1", "16", "512"})
  public int n;

  private final Arena arena = Arena.ofShared();
  private NativeKernels kernels;
  private Kernels.Project op;

  @Setup
  public void open() {
    kernels = NativeKernels.open(Runtime.getRuntime().availableProcessors());
    RandomInputs in = new RandomInputs(1, arena);
    op =
        new Kernels.Project(
            n,
            in.floats((long) n * COLS),
            null,
            List.of(
                new Kernels.Output(in.matrix(type, ROWS, COLS), in.zeros((long) n * ROWS), false)));
  }

  @Benchmark
  public void project() {
    kernels.project(op);
  }

  @TearDown
  public void close() {
    kernels.close();
    arena.close();
  }
}
