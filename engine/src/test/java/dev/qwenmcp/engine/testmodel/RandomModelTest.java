package dev.qwenmcp.engine.testmodel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.gguf.GgmlType;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.synth.ModelShape;
import dev.qwenmcp.engine.synth.SyntheticTokenizer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomModelTest {
  @ParameterizedTest
  @EnumSource(
      value = GgmlType.class,
      names = {
        "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"
      })
  void holdsEveryMatrixInTheTypeAskedFor(GgmlType type) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      GgufFile file = RandomModel.of(ModelShape.mixture(), type, 1).open(arena);
      assertThat(file.tensor("blk.1.ffn_down_exps.weight").orElseThrow().type()).isEqualTo(type);
      assertThat(file.tensor("blk.1.ffn_gate_inp.weight").orElseThrow().type())
          .isEqualTo(GgmlType.F32);
      assertThat(file.metadata().string("general.architecture")).contains("qwen3moe");
    }
  }

  @Test
  void isTheSameInMemoryAndOnDisk(@TempDir Path folder) throws IOException {
    RandomModel model = RandomModel.of(ModelShape.dense().withTied(false), GgmlType.Q4_K, 7);
    Path path = model.writeTo(folder.resolve("m.gguf"));
    try (Arena arena = Arena.ofConfined()) {
      assertThat(model.toMemory(arena).asByteBuffer())
          .isEqualTo(ByteBuffer.wrap(Files.readAllBytes(path)));
    }
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void hasAVocabularyWithoutRepetitionWhoseMergesMakeKnownTokens() {
    for (int size : List.of(TinyTokenizer.LEAST_VOCABULARY, 270, 320, 2048, 20_000)) {
      SyntheticTokenizer tokenizer = TinyTokenizer.ofSize(size);
      HashSet<String> tokens = new HashSet<>(tokenizer.tokens());
      assertThat(tokens).hasSize(size);
      for (String merge : tokenizer.merges()) {
        String[] pair = merge.split(" ", -1);
        boolean known =
            pair.length == 2
                && tokens.contains(pair[0])
                && tokens.contains(pair[1])
                && tokens.contains(pair[0] + pair[1]);
        assertThat(known).as(merge).isTrue();
      }
    }
  }
}
