package dev.qwenmcp.server.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.grammar.TokenConstraint;
import dev.qwenmcp.engine.grammar.TokenTrie;
import dev.qwenmcp.engine.grammar.schema.JsonSchemaGrammar;
import dev.qwenmcp.engine.tokenizer.BpeTokenizer;
import dev.qwenmcp.server.model.EmbeddedModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CopyingTextTest {
  private BpeTokenizer tokenizer;

  @BeforeEach
  void open() throws Exception {
    try (GgufFile file = EmbeddedModel.open()) {
      tokenizer = BpeTokenizer.of(file.metadata());
    }
  }

  @Test
  void thePassageIsRestatedWordByWord() {
    CopyingText text = CopyingText.passage(tokenizer);

    assertThat(text.copy()).hasSize(300);
    assertThat(text.prompt()).startsWith(text.copy());
  }

  @Test
  void theRecordsAreJsonWhoseValuesStandInTheProse() {
    CopyingText text = CopyingText.records(tokenizer);

    assertThat(text.prompt()).hasSizeBetween(1000, 1100);
    String prose = tokenizer.decode(text.prompt());
    JsonNode records = JsonMapper.shared().readTree(tokenizer.decode(text.copy()));
    assertThat(records.size()).isGreaterThan(5);
    for (JsonNode record : records) {
      record.forEach(value -> assertThat(prose).contains(value.asString()));
    }
  }

  @Test
  void theRecordThatIsHeldToASchemaFollowsIt() {
    CopyingText text = CopyingText.oneRecord(tokenizer);
    TokenConstraint grammar =
        JsonSchemaGrammar.compile(text.schema()).over(TokenTrie.of(tokenizer)).constraint();
    HeldTokens held = new HeldTokens(text.copy(), grammar);

    for (int token : text.copy()) {
      assertThat(held.complete()).isFalse();
      float[] logits = new float[tokenizer.size()];
      held.mask(logits);
      assertThat(logits[token]).isZero();
      held.accept(token);
    }
    assertThat(grammar.complete()).isTrue();
    assertThat(held.finished()).isTrue();
  }

  @Test
  void otherTokensThanTheGivenOnesAreRefused() {
    TokenConstraint grammar =
        JsonSchemaGrammar.compile("{}").over(TokenTrie.of(tokenizer)).constraint();
    HeldTokens held = new HeldTokens(tokenizer.encode("[1]"), grammar);

    assertThatThrownBy(() -> held.accept(tokenizer.encode("{")[0]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not");
  }
}
