package dev.qwenmcp.engine.kernel;

import dev.qwenmcp.engine.kv.KvLayout;
import dev.qwenmcp.engine.kv.KvType;
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

/** Attention of one layer: n tokens after some, 32 query heads over 4 kv heads of 128. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1) // kernels are C: what differs from JVM to JVM is small
@Warmup(iterations = 2, time = 1) // the first run has memory mapped and threads started
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class AttentionBenchmark {
  /** Pages hold all layers, so that one layer's rows are as far apart as in a model. */
  private static final int LAYERS = 16;

  private static final int HEADS = 32;
  private static final int KV_HEADS = 4;
  private static final int DIM = 128;

  @Param({"Q8_0", "F16"})
  public KvType kvType;

  @Param({"1", "16", "512"})
  public int n;

  @Param({"0", "4096"})
  public int depth;

  private final Arena arena = Arena.ofShared();
  private NativeKernels kernels;
  private Kernels.Attend op;

  @Setup
  public void open() {
    kernels = NativeKernels.open(Runtime.getRuntime().availableProcessors());
    RandomInputs in = new RandomInputs(1, arena);
    KvLayout layout = new KvLayout(kvType, LAYERS, KV_HEADS, DIM);
    op =
        new Kernels.Attend(
            in.batch(layout, List.of(new RandomInputs.Span(depth, depth + n))),
            0,
            HEADS,
            in.floats((long) n * HEADS * DIM),
            in.zeros((long) n * HEADS * DIM),
            (float) (1 / Math.sqrt(DIM)));
  }

  @Benchmark
  public void attend() {
    kernels.attend(op);
  }

  @TearDown
  public void close() {
    kernels.close();
    arena.close();
  }
}
