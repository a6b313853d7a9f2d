package dev.qwenmcp.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.SharedData;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.kernel.Kernels;
import dev.qwenmcp.engine.kernel.ReferenceKernels;
import dev.qwenmcp.engine.kernel.TestKernels;
import dev.qwenmcp.engine.kv.KvType;
import java.io.IOException;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A small trained model: its largest logits and greedy answers are llama.cpp's. */
class NanoGoldenTest {

  @ParameterizedTest
  @EnumSource(names = {"JAVA_TWO_THREADS", "NATIVE_TWO_THREADS"})
  void float32FileGivesTheSameLogitsAndAnswers(TestKernels choice) throws IOException {
    assertGolden(choice, "F32", 1e-3f);
  }

  /**
   * Logits are up to 12; both engines differ from the exact pass by about 0.03, and less from each
   * other, as they round activations to 8 bits in the same way.
   */
  @ParameterizedTest
  @EnumSource(names = {"JAVA_TWO_THREADS", "NATIVE_TWO_THREADS"})
  void eightBitFileGivesTheSameAnswers(TestKernels choice) throws IOException {
    assertGolden(choice, "Q8_0", 0.05f);
  }

  /**
   * Large activations beside small ones cost 8-bit blocks of 256 much precision here, so both
   * engines are far enough from the exact pass to choose other words now and then.
   */
  @ParameterizedTest
  @EnumSource(names = {"JAVA_TWO_THREADS", "NATIVE_TWO_THREADS"})
  void fourBitFileIsAsNearTheExactPassAsLlamaCpp(TestKernels choice) throws IOException {
    double ours = 0;
    double theirs = 0;
    try (GgufFile file = model("Q4_K_M");
        Kernels kernels = choice.open();
        Kernels exactKernels = ReferenceKernels.exact();
        ModelRun run = new ModelRun(file, kernels, KvType.F32);
        ModelRun exactRun = new ModelRun(file, exactKernels, KvType.F32)) {
      for (JsonNode prompt : golden().get("prompts")) {
        int[] tokens = ints(prompt.get("prompt_ids"));
        float[] logits = last(run.logits(tokens));
        float[] exact = last(exactRun.logits(tokens));
        for (JsonNode top : prompt.get("Q4_K_M").get("top20")) {
          int id = top.get(0).asInt();
          ours += Math.pow(logits[id] - exact[id], 2);
          theirs += Math.pow(top.get(1).floatValue() - exact[id], 2);
        }
      }
    }
    assertThat(Math.sqrt(ours)).isPositive().isLessThanOrEqualTo(1.1 * Math.sqrt(theirs));
  }

  private static float[] last(float[][] logits) {
    return logits[logits.length - 1];
  }

  private static JsonNode golden() {
    return JsonMapper.shared().readTree(SharedData.require("models/golden.json").toFile());
  }

  private static GgufFile model(String type) throws IOException {
    return GgufFile.open(SharedData.require("models/nano-" + type + ".gguf"));
  }

  private static void assertGolden(TestKernels choice, String type, float tolerance)
      throws IOException {
    try (GgufFile file = model(type);
        Kernels kernels = choice.open();
        ModelRun run = new ModelRun(file, kernels, KvType.F32)) {
      for (Map.Entry<String, JsonNode> prompt : golden().get("prompts").properties()) {
        JsonNode expected = prompt.getValue().get(type);
        try (ModelRun.Timeline timeline = run.new Timeline()) {
          float[] logits = timeline.append(ints(prompt.getValue().get("prompt_ids"))).getLast();
          for (JsonNode top : expected.get("top20")) {
            assertThat(Math.abs(logits[top.get(0).asInt()] - top.get(1).floatValue()))
                .as("%s %s, logit of %s", type, prompt.getKey(), top.get(0))
                .isLessThanOrEqualTo(tolerance);
          }
          int[] answer = ints(expected.get("greedy_ids"));
          for (int i = 0; i < answer.length; i++) {
            assertThat(Logits.best(logits))
                .as("%s %s, token %d", type, prompt.getKey(), i)
                .isEqualTo(answer[i]);
            logits = timeline.append(answer[i]).getLast();
          }
        }
      }
    }
  }

  private static int[] ints(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
  }
}
