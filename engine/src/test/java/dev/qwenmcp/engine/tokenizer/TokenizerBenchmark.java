package dev.qwenmcp.engine.tokenizer;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.synth.SyntheticModel;
import dev.qwenmcp.engine.synth.SyntheticTokenizer;
import dev.qwenmcp.engine.synth.TensorTypes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Texts to tokens and back with Qwen3's vocabulary. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1) // kernels are C: what differs from JVM to JVM is small
@Warmup(iterations = 2, time = 1) // the first run has memory mapped and threads started
@Measurement(iterations = 5, time = 1)
@State(Scope.Benchmark)
public class TokenizerBenchmark {
  /** About 2,000 tokens, words of many lengths. */
  private static final String TEXT =
      """
      Dear Ms Okafor, thank you for your letter of 14 March about invoice no. 2026-00817. \
      We have checked the delivery (37 boxes, 1,204.50 kg) twice; two boxes were damaged. \
      Könnten Sie uns bitte Fotos schicken? 请把照片发给我们。 {"ticket": 8812, "open": true}
      """
          .repeat(25);

  private BpeTokenizer tokenizer;
  private int[] ids;

  @Setup
  public void open() throws IOException {
    // As small a model as holds the whole vocabulary.
    ModelShape shape =
        ModelShape.dense().withWidth(32).withVocabulary(SyntheticTokenizer.qwen3().tokens().size());
    try (Arena arena = Arena.ofConfined()) {
      SyntheticModel model =
          new SyntheticModel(shape, TensorTypes.all(GgmlType.Q8_0), SyntheticTokenizer.qwen3(), 1);
      tokenizer = BpeTokenizer.of(GgufFile.of("bench", model.toMemory(arena)).metadata());
      ids = tokenizer.encode(TEXT);
    }
  }

  @Benchmark
  public int[] encode() {
    return tokenizer.encode(TEXT);
  }

  @Benchmark
  public String decode() {
    return tokenizer.decode(ids);
  }
}
