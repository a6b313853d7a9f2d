package dev.qwenmcp.server.knowledge.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class WordPieceTest {
  private static final List<String> PIECES =
      List.of("[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "cafe", "!", "退", "货", "(", ")");
  private final WordPiece tokenizer = new WordPiece(vocabulary(), true);

  private static Map<String, Integer> vocabulary() {
    Map<String, Integer> ids = new HashMap<>();
    PIECES.forEach(piece -> ids.put(piece, ids.size()));
    return ids;
  }

  private List<String> pieces(String text) {
    return Stream.of(tokenizer.tokenize(text, 20).ids())
        .flatMapToLong(Arrays::stream)
        .mapToObj(id -> PIECES.get((int) id))
        .toList();
  }

  @Test
  void takesTheLongestPieces() {
    assertThat(pieces("unaffable")).containsExactly("[CLS]", "un", "##aff", "##able", "[SEP]");
  }

  @Test
  void foldsCaseAndAccents() {
    assertThat(pieces("CAFÉ")).containsExactly("[CLS]", "cafe", "[SEP]");
  }

  @Test
  void ideographsAndPunctuationStandAlone() {
    assertThat(pieces("(退货)!")).containsExactly("[CLS]", "(", "退", "货", ")", "!", "[SEP]");
  }

  @Test
  void oneUnknownPieceMakesTheWordUnknown() {
    WordPiece.Tokens tokens = tokenizer.tokenize("unaffx cafe " + "a".repeat(101), 20);
    assertThat(tokens.ids()).containsExactly(1, 0, 6, 0, 2);
    assertThat(tokens.unknown()).isEqualTo(2);
    assertThat(tokens.known()).isEqualTo(1 / 3.0, within(1e-9));
  }

  @Test
  void controlCharactersGo() {
    assertThat(pieces("ca\u0000f\u200be\uFFFD")).containsExactly("[CLS]", "cafe", "[SEP]");
  }

  @Property(tries = 200)
  void everyTextFitsBetweenTheMarks(@ForAll String text) {
    long[] ids = tokenizer.tokenize(text, 8).ids();
    assertThat(ids.length).isBetween(2, 8);
    assertThat(ids[0]).isEqualTo(1);
    assertThat(ids[ids.length - 1]).isEqualTo(2);
  }

  @Test
  void otherVocabulariesAreRefused() {
    assertThatThrownBy(() -> new WordPiece(Map.of("[UNK]", 0, "[CLS]", 1), true))
        .hasMessageContaining("[SEP]");
    assertThatThrownBy(() -> TokenizerFile.read("{}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("WordPiece");
    assertThatThrownBy(() -> TokenizerFile.read("{".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("JSON");
  }
}
