package dev.qwenmcp.server.bench.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import dev.qwenmcp.server.model.EmbeddedModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SampleDocumentTest {
  private static BpeTokenizer tokenizer;

  @BeforeAll
  static void open() throws Exception {
    try (GgufFile file = EmbeddedModel.open()) {
      tokenizer = BpeTokenizer.of(file.metadata());
    }
  }

  @Test
  void hasTheWantedTokensAndLittleMore() {
    for (int tokens : new int[] {1, 100, 4000}) {
      SampleDocument document = SampleDocument.of(tokenizer, tokens, 3);

      assertThat(document.tokens()).isBetween(tokens, tokens + 120);
      assertThat(tokenizer.encode(document.text())).hasSize(document.tokens());
    }
  }

  @Test
  void isTheSameForTheSameNumberAndDiffersFromTheStartForAnother() {
    SampleDocument first = SampleDocument.of(tokenizer, 300, 0);

    assertThat(SampleDocument.of(tokenizer, 300, 0)).isEqualTo(first);
    assertThat(SampleDocument.of(tokenizer, 300, 1).text().substring(0, 10))
        .isNotEqualTo(first.text().substring(0, 10));
    assertThat(SampleDocument.of(tokenizer, 300, 2).text()).isNotEqualTo(first.text());
  }
}
