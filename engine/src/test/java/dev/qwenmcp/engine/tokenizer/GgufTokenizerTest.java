package dev.qwenmcp.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.SharedData;
import dev.qwenmcp.engine.gguf.GgufDraft;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.GgufFormatException;
import dev.qwenmcp.engine.gguf.GgufValueType;
import dev.qwenmcp.engine.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufTokenizerTest {
  @TempDir Path folder;

  @Test
  void readsTheTokenizerOfAModelFile() {
    BpeTokenizer nano = TestTokenizers.nano();
    assertThat(nano.size()).isEqualTo(8192);
    assertThat(nano.eos()).isEqualTo(8168);
    assertThat(nano.special("<|im_end|>")).hasValue(8168);
    assertThat(nano.special("<think>")).hasValue(8190);
    assertThat(nano.isControl(8168)).isTrue();
    assertThat(nano.isControl(8190)).isFalse();
  }

  @Test
  void readsATokenizerOfFewTokensAndNoThinking() throws IOException {
    Path tiny = SharedData.require("oracle/tiny/tiny2k-F16.gguf");
    try (GgufFile file = GgufFile.open(tiny)) {
      BpeTokenizer tokenizer = BpeTokenizer.of(file.metadata());
      assertThat(tokenizer.size()).isEqualTo(2048);
      assertThat(tokenizer.special("<think>")).isEmpty();
      assertThat(tokenizer.decode(tokenizer.encode("Grüße, 世界!"))).isEqualTo("Grüße, 世界!");
    }
  }

  @Test
  void readsWhatItNeeds() throws IOException {
    BpeTokenizer tokenizer = read(draft("gpt2", "qwen2", 256));
    assertThat(tokenizer.eos()).isEqualTo(256);
    assertThat(tokenizer.decode(tokenizer.encode("a b"))).isEqualTo("a b");
  }

  @Test
  void refusesAnotherTokenizer() {
    assertRefused(draft("llama", "default", 256), "gpt2", "llama with default");
    assertRefused(draft("gpt2", "llama-bpe", 256), "qwen2", "gpt2 with llama-bpe");
    assertRefused(new GgufDraft(), "the key tokenizer.ggml.model", "none");
  }

  @ParameterizedTest
  @ValueSource(longs = {257, 4_000_000_000L})
  void refusesAnEndOfTurnOutsideTheVocabulary(long eos) {
    assertRefused(draft("gpt2", "qwen2", eos), "eos_token_id from 0 to 256", "" + eos);
  }

  @Test
  void refusesATokenizerThatAddsAToken() {
    assertRefused(
        draft("gpt2", "qwen2", 256).bool("tokenizer.ggml.add_bos_token", true),
        "add_bos_token false",
        "true");
  }

  @Test
  void namesAKeyOfAnotherType() {
    GgufDraft draft = new GgufDraft().uint32("tokenizer.ggml.model", 2);
    assertRefused(draft, "a string as \"tokenizer.ggml.model\"", "2");
  }

  private static GgufDraft draft(String model, String pre, long eos) {
    List<String> tokens = new ArrayList<>();
    List<Integer> types = new ArrayList<>();
    int next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean prints = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      tokens.add(Character.toString(prints ? b : next++));
      types.add(1);
    }
    tokens.add("<|im_end|>");
    types.add(3);
    return new GgufDraft()
        .string("tokenizer.ggml.model", model)
        .string("tokenizer.ggml.pre", pre)
        .strings("tokenizer.ggml.tokens", tokens)
        .strings("tokenizer.ggml.merges", List.of())
        .put(
            "tokenizer.ggml.token_type",
            GgufValueType.ARRAY,
            new GgufDraft.Array(GgufValueType.INT32, types))
        .uint32("tokenizer.ggml.eos_token_id", eos);
  }

  private BpeTokenizer read(GgufDraft draft) throws IOException {
    Path path = folder.resolve("some.gguf");
    try (GgufWriter writer = GgufWriter.create(path, draft)) {
      writer.finish();
    }
    try (GgufFile file = GgufFile.open(path)) {
      return BpeTokenizer.of(file.metadata());
    }
  }

  private void assertRefused(GgufDraft draft, String expected, String found) {
    assertThatThrownBy(() -> read(draft))
        .isInstanceOf(GgufFormatException.class)
        .hasMessageContaining("some.gguf")
        .hasMessageContaining(expected)
        .hasMessageContaining(found);
  }
}
