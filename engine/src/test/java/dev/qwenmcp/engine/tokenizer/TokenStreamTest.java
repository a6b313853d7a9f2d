package dev.qwenmcp.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TokenStreamTest {
  private final BpeTokenizer tokenizer = TestTokenizers.qwen3();

  @Test
  void givesOutACharacterWithItsLastByte() {
    int[] ids = tokenizer.encode("🫠é");
    TokenStream stream = new TokenStream(tokenizer);
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      String piece = stream.push(id);
      assertThat(piece).doesNotContain("\uFFFD");
      text.append(piece);
    }
    assertThat(text).hasToString("🫠é");
    assertThat(stream.finish()).isEmpty();
  }

  @Test
  void givesOutWordsAtOnce() {
    TokenStream stream = new TokenStream(tokenizer);
    assertThat(stream.push(9707)).isEqualTo("Hello");
    assertThat(stream.push(151645)).isEmpty();
    assertThat(stream.push(151667)).isEqualTo("<think>");
  }

  @Test
  void endsAnUnfinishedCharacterWithAReplacementCharacter() {
    TokenStream stream = new TokenStream(tokenizer);
    assertThat(stream.push(tokenizer.encode("🫠")[0])).isEmpty();
    assertThat(stream.finish()).isEqualTo("\uFFFD");
    assertThat(stream.finish()).isEmpty();
  }

  /** Random bytes are mostly malformed; every cut of them must decode like the whole. */
  @Test
  void givesTheTextOfTheWholeForAnyIds() {
    SplittableRandom random = new SplittableRandom(3);
    int[] bytes = new int[256];
    for (int id = 0; id < 256; id++) {
      bytes[tokenizer.bytes(id)[0] & 0xFF] = id;
    }
    int[] leads = {0xC0, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF};
    for (int run = 0; run < 50_000; run++) {
      int[] ids = new int[1 + random.nextInt(12)];
      for (int i = 0; i < ids.length; i++) {
        ids[i] =
            switch (random.nextInt(5)) {
              case 0 -> random.nextInt(tokenizer.size());
              case 1 -> bytes[leads[random.nextInt(leads.length)]];
              case 2, 3 -> bytes[0x80 + random.nextInt(0x40)];
              default -> bytes[random.nextInt(256)];
            };
      }
      TokenStream stream = new TokenStream(tokenizer);
      StringBuilder text = new StringBuilder();
      for (int id : ids) {
        text.append(stream.push(id));
      }
      assertThat(text.append(stream.finish()).toString()).isEqualTo(tokenizer.decode(ids));
    }
  }
}
