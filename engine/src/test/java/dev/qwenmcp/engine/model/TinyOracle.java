package dev.qwenmcp.engine.model;

import dev.qwenmcp.engine.SharedData;
import dev.qwenmcp.engine.gguf.GgufFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * llama.cpp's logits of the small random model {@code tiny2k} with keys and values in float32.
 *
 * @param type name of the file's quantisation
 * @param prompt 1, 2 or 3
 * @param tokens ids of the prompt
 * @param logits of the prompt's last tokens: of all 16 in prompt 1, of one in the others
 * @param steps the greedy continuation
 */
record TinyOracle(String type, int prompt, int[] tokens, float[][] logits, List<Step> steps) {

  /**
   * A step of the continuation.
   *
   * @param token the one chosen
   * @param ids of the ten largest logits, falling
   * @param values theirs
   */
  record Step(int token, int[] ids, float[] values) {
    float margin() {
      return values[0] - values[1];
    }
  }

  static GgufFile model(String type) throws IOException {
    return GgufFile.open(SharedData.require("oracle/tiny/tiny2k-" + type + ".gguf"));
  }

  static TinyOracle read(String type, int prompt) throws IOException {
    String stem = "oracle/tiny/tiny2k-" + type + "-p" + prompt;
    JsonNode greedy =
        JsonMapper.shared().readTree(SharedData.require(stem + ".greedy.json").toFile());
    int vocabulary = greedy.get("n_vocab").asInt();
    List<Step> steps = new ArrayList<>();
    for (JsonNode step : greedy.get("steps")) {
      JsonNode top = step.get("top");
      int[] ids = IntStream.range(0, top.size()).map(i -> top.get(i).get(0).asInt()).toArray();
      float[] values = new float[ids.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = top.get(i).get(1).floatValue();
      }
      steps.add(new Step(step.get("token").asInt(), ids, values));
    }
    int[] tokens =
        IntStream.range(0, greedy.get("prompt").size())
            .map(i -> greedy.get("prompt").get(i).asInt())
            .toArray();
    return new TinyOracle(
        type, prompt, tokens, rows(SharedData.require(stem + ".logits.f32"), vocabulary), steps);
  }

  private static float[][] rows(Path file, int vocabulary) throws IOException {
    FloatBuffer values =
        ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[][] rows = new float[values.remaining() / vocabulary][vocabulary];
    for (float[] row : rows) {
      values.get(row);
    }
    return rows;
  }

  /** The last rows of all rows of logits: those that the oracle holds. */
  float[][] known(float[][] all) {
    return java.util.Arrays.copyOfRange(all, all.length - logits.length, all.length);
  }

  @Override
  public String toString() {
    return type + " p" + prompt;
  }
}
