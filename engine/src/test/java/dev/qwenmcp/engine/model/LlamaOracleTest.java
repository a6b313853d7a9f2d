package dev.qwenmcp.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.TensorInfo;
import dev.qwenmcp.engine.kernel.Kernels;
import dev.qwenmcp.engine.kernel.ReferenceKernels;
import dev.qwenmcp.engine.kernel.TestKernels;
import dev.qwenmcp.engine.kv.KvType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Logits of a small random Qwen3-MoE model against llama.cpp's. */
class LlamaOracleTest {
  private static final int PROMPTS = 3;

  /** Both sum in float32, in different orders: a few 1e-6 are seen. */
  @ParameterizedTest
  @EnumSource(names = {"JAVA_TWO_THREADS", "NATIVE_TWO_THREADS"})
  void float32WeightsAgree(TestKernels choice) throws IOException {
    assertCloseLogitsAndEqualChoices(choice, "F32", 1e-3f);
  }

  /** The head's product of the states is llama.cpp's logits, so the states are its states. */
  @Test
  void statesAreWhatLogitsAreMadeOf() throws IOException {
    try (GgufFile file = TinyOracle.model("F32");
        Kernels kernels = TestKernels.JAVA_TWO_THREADS.open();
        ModelRun run = new ModelRun(file, kernels, KvType.F32)) {
      TensorInfo head =
          file.tensor("output.weight").or(() -> file.tensor("token_embd.weight")).orElseThrow();
      MemorySegment weights = file.data(head);
      TinyOracle oracle = TinyOracle.read("F32", 1);
      float[][] states = oracle.known(run.states(oracle.tokens()));
      for (int i = 0; i < states.length; i++) {
        int width = states[i].length;
        float[] logits = new float[(int) (head.elements() / width)];
        for (int v = 0; v < logits.length; v++) {
          double sum = 0;
          for (int k = 0; k < width; k++) {
            sum +=
                (double) states[i][k]
                    * weights.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) v * width + k);
          }
          logits[v] = (float) sum;
        }
        assertThat(Logits.largestDifference(logits, oracle.logits()[i])).isLessThan(1e-3f);
      }
    }
  }

  /** llama.cpp rounds activations to float16 here; we do not. */
  @ParameterizedTest
  @EnumSource(names = {"JAVA_TWO_THREADS", "NATIVE_TWO_THREADS"})
  void float16WeightsAgree(TestKernels choice) throws IOException {
    assertCloseLogitsAndEqualChoices(choice, "F16", 1e-2f);
  }

  private static void assertCloseLogitsAndEqualChoices(
      TestKernels choice, String type, float tolerance) throws IOException {
    try (GgufFile file = TinyOracle.model(type);
        Kernels kernels = choice.open();
        ModelRun run = new ModelRun(file, kernels, KvType.F32)) {
      for (int prompt = 1; prompt <= PROMPTS; prompt++) {
        TinyOracle oracle = TinyOracle.read(type, prompt);
        float[][] logits = oracle.known(run.logits(oracle.tokens()));
        for (int i = 0; i < logits.length; i++) {
          assertThat(Logits.largestDifference(logits[i], oracle.logits()[i]))
              .as("%s, row %d", oracle, i)
              .isLessThanOrEqualTo(tolerance);
        }
        assertEqualChoices(run, oracle, tolerance);
      }
    }
  }

  /** Follows llama.cpp's continuation, so that one close call does not hide the steps after it. */
  private static void assertEqualChoices(ModelRun run, TinyOracle oracle, float tolerance) {
    try (ModelRun.Timeline timeline = run.new Timeline()) {
      float[] logits = timeline.append(oracle.tokens()).getLast();
      for (TinyOracle.Step step : oracle.steps()) {
        for (int i = 0; i < step.ids().length; i++) {
          assertThat(Math.abs(logits[step.ids()[i]] - step.values()[i]))
              .as("%s, logit of %d", oracle, step.ids()[i])
              .isLessThanOrEqualTo(tolerance);
        }
        if (step.margin() > tolerance) {
          assertThat(Logits.best(logits)).as("%s", oracle).isEqualTo(step.token());
        }
        logits = timeline.append(step.token()).getLast();
      }
    }
  }

  /**
   * Both engines round activations to 8 bits; ours is to be as near as llama.cpp to the forward
   * pass that does not.
   */
  @ParameterizedTest
  @EnumSource(names = {"JAVA_TWO_THREADS", "NATIVE_TWO_THREADS"})
  void quantisedWeightsAreAsNearTheExactPassAsLlamaCpp(TestKernels choice) throws IOException {
    for (String type : new String[] {"Q8_0", "Q4_0", "Q4_K_M"}) {
      try (GgufFile file = TinyOracle.model(type);
          Kernels kernels = choice.open();
          Kernels exactKernels = ReferenceKernels.exact();
          ModelRun run = new ModelRun(file, kernels, KvType.F32);
          ModelRun exactRun = new ModelRun(file, exactKernels, KvType.F32)) {
        for (int prompt = 1; prompt <= PROMPTS; prompt++) {
          TinyOracle oracle = TinyOracle.read(type, prompt);
          float[][] exact = oracle.known(exactRun.logits(oracle.tokens()));
          float[][] ours = oracle.known(run.logits(oracle.tokens()));
          assertThat(Logits.relativeDistance(ours, exact))
              .as("%s", oracle)
              .isPositive()
              .isLessThanOrEqualTo(1.1 * Logits.relativeDistance(oracle.logits(), exact));
        }
      }
    }
  }
}
