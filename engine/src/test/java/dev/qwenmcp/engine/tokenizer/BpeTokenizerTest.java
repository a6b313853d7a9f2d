package dev.qwenmcp.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BpeTokenizerTest {

  @Test
  void givesTheIdsOfThePublishedVectors() throws IOException {
    BpeTokenizer tokenizer = TestTokenizers.qwen3();
    String input =
        Files.readString(TestTokenizers.shared("data/qwen3-tokenizer/ggml-vocab-qwen2.gguf.inp"));
    List<String> expected =
        Files.readAllLines(TestTokenizers.shared("data/qwen3-tokenizer/ggml-vocab-qwen2.gguf.out"));
    String[] texts = input.split("__ggml_vocab_test__\n", -1);
    assertThat(texts).hasSize(47).endsWith("");
    assertThat(expected).hasSize(46);
    for (int i = 0; i < texts.length; i++) {
      String text = i < 46 ? texts[i].substring(0, texts[i].length() - 1) : texts[i];
      String ids = i < 46 ? expected.get(i) : "";
      assertThat(tokenizer.encode(text)).as("vector %d", i).isEqualTo(ids(ids));
    }
  }

  private static int[] ids(String line) {
    return Stream.of(line.split(" "))
        .filter(id -> !id.isEmpty())
        .mapToInt(Integer::parseInt)
        .toArray();
  }
}
