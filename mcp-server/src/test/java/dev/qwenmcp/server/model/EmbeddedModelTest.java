package dev.qwenmcp.server.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.gguf.GgufFile;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class EmbeddedModelTest {
  @Test
  void opensWithAllItsTensors() throws Exception {
    try (GgufFile file = EmbeddedModel.open()) {
      assertThat(file.metadata().string("general.architecture")).contains("qwen3moe");
      assertThat(file.tensors()).hasSizeGreaterThan(50);
      assertThat(file.tensors()).allSatisfy(t -> assertThat(file.data(t).isNative()).isTrue());
    }
  }

  @Test
  void isTheFileThatTheNoticeAndTheModelCardDescribe() throws Exception {
    String sha256 =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(resource("nano-Q8_0.gguf")));

    assertThat(text("NOTICE.md")).contains(sha256).contains("CC-BY-SA-4.0");
    assertThat(text("MODEL_CARD.md")).contains(sha256);
  }

  private static String text(String name) throws Exception {
    return new String(resource(name), StandardCharsets.UTF_8);
  }

  private static byte[] resource(String name) throws Exception {
    try (InputStream in = EmbeddedModel.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }
}
