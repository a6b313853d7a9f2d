package dev.qwenmcp.server.knowledge.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.qwenmcp.engine.SharedData;
import dev.qwenmcp.server.knowledge.Embedding;
import dev.qwenmcp.server.knowledge.EmbeddingException;
import dev.qwenmcp.server.knowledge.EmbeddingModel;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EmbeddedModelsTest {

  /** int8 weights and activations: near the float32 vectors, not the same. */
  private static final double QUANTISED = 0.985;

  private static void agrees(String golden, JarModel model) throws Exception {
    JsonNode samples =
        JsonMapper.shared()
            .readTree(SharedData.require("data/embedding-golden/golden.json").toFile())
            .get(golden)
            .get("samples");
    assertThat(samples).hasSize(3);
    try (OnnxEmbedder embedder = new OnnxEmbedder(model)) {
      for (JsonNode sample : samples) {
        String text = sample.get("text").asString();
        long[] ids =
            StreamSupport.stream(sample.get("ids").spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .toArray();
        assertThat(embedder.tokens(text)).containsExactly(ids);

        Embedding embedding = embedder.embed(text);
        float[] expected = new float[model.model().dimension()];
        for (int i = 0; i < expected.length; i++) {
          expected[i] = (float) sample.get("vector").get(i).asDouble();
        }
        assertThat(embedding.vector()).hasSize(expected.length);
        assertThat(dot(embedding.vector(), expected)).isGreaterThan(QUANTISED);
        assertThat(embedding.known()).isEqualTo(1);
        assertThat(embedding.tokens()).hasDimensions(ids.length - 2, expected.length);
        for (float[] token : embedding.tokens()) {
          assertThat(dot(token, token)).isEqualTo(1, within(1e-5));
        }
      }
    }
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  @Test
  void miniLmAgreesWithTheReference() throws Exception {
    agrees("all-minilm-l6-v2", JarModel.MINI_LM);
  }

  @Test
  void bgeAgreesWithTheReference() throws Exception {
    agrees("bge-small-zh-v1.5", JarModel.BGE_ZH);
  }

  @Test
  void theSameTextHasTheSameVectorAndALongOneIsCutOff() throws Exception {
    try (OnnxEmbedder embedder = new OnnxEmbedder(JarModel.MINI_LM)) {
      Embedding one = embedder.embed("shoes can be returned");
      embedder.embed("something else entirely ".repeat(400));
      assertThat(embedder.embed("shoes can be returned").vector()).isEqualTo(one.vector());
      assertThat(embedder.embed("word ".repeat(4000)).tokens()).hasNumberOfRows(510);
      assertThat(embedder.embed("").tokens()).isEmpty();
      assertThat(embedder.embed("怎么退货").known()).isZero();
    }
  }

  @Test
  void aModelThatIsMissingIsNamedAndAskedForOnlyOnUse() {
    JarModel missing =
        new JarModel(
            new EmbeddingModel("nowhere", 4, 16, 0.2),
            "/nowhere.onnx",
            "/nowhere.json",
            JarModel.Pooling.MEAN);
    try (OnnxEmbedder embedder = new OnnxEmbedder(missing)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> embedder.embed("x"))
            .isInstanceOf(EmbeddingException.class)
            .hasMessageContaining("nowhere cannot be loaded")
            .hasMessageContaining("/nowhere.json");
      }
    }
  }

  @Test
  void afterClosingItSaysSo() throws Exception {
    OnnxEmbedder embedder = new OnnxEmbedder(JarModel.MINI_LM);
    embedder.embed("x");
    embedder.close();
    assertThatThrownBy(() -> embedder.embed("x")).hasMessageContaining("closed");
  }
}
