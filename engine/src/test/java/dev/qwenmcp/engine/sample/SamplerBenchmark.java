package dev.qwenmcp.engine.sample;

import dev.qwenmcp.engine.chat.ThinkingMode;
import java.util.SplittableRandom;
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
import org.openjdk.jmh.annotations.Warmup;

/** Drawing one token of Qwen3's vocabulary. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1) // kernels are C: what differs from JVM to JVM is small
@Warmup(iterations = 2, time = 1) // the first run has memory mapped and threads started
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class SamplerBenchmark {
  private static final int VOCABULARY = 151_936;

  /** Greedy, or what Qwen3's makers recommend. */
  public enum Settings {
    GREEDY,
    RECOMMENDED
  }

  @Param public Settings settings;

  private final float[] original = new float[VOCABULARY];
  private final float[] logits = new float[VOCABULARY];
  private SamplerChain chain;

  @Setup
  public void open() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < VOCABULARY; i++) {
      original[i] = (float) random.nextGaussian(0, 3);
    }
    chain =
        new SamplerChain(
            settings == Settings.GREEDY
                ? SamplerSettings.GREEDY
                : SamplerSettings.qwen3(ThinkingMode.OFF, 1));
  }

  @Benchmark
  public int sample() {
    System.arraycopy(original, 0, logits, 0, VOCABULARY); // sampling may change what it is given
    return chain.sample(logits);
  }
}
