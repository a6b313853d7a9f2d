package dev.qwenmcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.gguf.GgufDraft;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.GgufFormatException;
import dev.qwenmcp.engine.gguf.GgufWriter;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.testmodel.RandomModel;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerReadingTest {
  @TempDir private Path folder;

  @Test
  void saysWhatIsWrongWithAFileAsIfNoThreadLayBetween() throws Exception {
    Path path = folder.resolve("m.gguf");
    try (GgufWriter writer =
        GgufWriter.create(path, new GgufDraft().string("general.architecture", "qwen3"))) {
      writer.finish();
    }
    try (GgufFile file = GgufFile.open(path)) {
      TokenizerReading reading = new TokenizerReading(file.metadata());
      reading.start();
      assertThatThrownBy(reading::tokenizer)
          .isInstanceOf(GgufFormatException.class)
          .hasMessageContaining("m.gguf")
          .hasMessageContaining("tokenizer.ggml");
      reading.end();
    }
  }

  @Test
  void anInterruptedThreadGetsItAllTheSame() throws Exception {
    try (GgufFile file =
        RandomModel.of(ModelShape.dense(), GgmlType.Q8_0, 1).open(Arena.ofAuto())) {
      TokenizerReading reading = new TokenizerReading(file.metadata());
      reading.end(); // which has nothing to wait for
      reading.start();
      Thread.currentThread().interrupt();

      assertThat(reading.tokenizer().size()).isPositive();
      reading.end();
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
