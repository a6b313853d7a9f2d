package dev.qwenmcp.engine.draft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WordsTest {
  private static Words of(String text) {
    Words words = new Words();
    words.add(text.getBytes(StandardCharsets.UTF_8));
    return words;
  }

  private static List<String> words(Words words) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      all.add(new String(words.word(i), StandardCharsets.UTF_8));
    }
    return all;
  }

  @Test
  void lettersDigitsAndSignsAreWordsOfTheirOwn() {
    Words words = of("34 crates of Müsli-5kg, \"now\"\n ");
    assertThat(words(words))
        .containsExactly(
            "34", "crates", "of", "Müsli", "-", "5", "kg", ",", "\"", "now", "\"", "\n");
    assertThat(words.space(1)).containsExactly(' ');
    assertThat(words.space(4)).isEmpty();
    assertThat(words.isSign(4)).isTrue();
    assertThat(words.isSign(6)).isFalse();
    assertThat(words.pending()).containsExactly(' ');
  }

  @Test
  void chineseCharactersAreWords() {
    assertThat(words(of("货物A到里斯本。"))).containsExactly("货", "物", "A", "到", "里", "斯", "本", "。");
  }

  @Test
  void aWordIsThereOnceItCannotGrow() {
    Words words = of("went to Lis");
    assertThat(words(words)).containsExactly("went", "to");
    assertThat(words.pending()).isEqualTo(" Lis".getBytes(StandardCharsets.UTF_8));
    words.add("bon.".getBytes(StandardCharsets.UTF_8));
    assertThat(words(words)).containsExactly("went", "to", "Lisbon", ".");
    assertThat(words.pending()).isEmpty();
  }

  @Test
  void equalWordsAreTheSameWhateverTheSpaceBeforeThem() {
    Words words = of("to Ada, by \"to Ada ");
    assertThat(words.id(5)).isEqualTo(words.id(0)).isNotEqualTo(words.id(1));
    assertThat(words.agreement(2)).isEqualTo(2);
    assertThat(words.agreement(3)).isZero();
  }

  /**
   * Any bytes, also such as are no UTF-8, in any pieces: nothing is lost, and cuts change nothing.
   */
  @Property(tries = 500)
  void nothingIsLostWhereverPiecesEnd(@ForAll @Size(max = 200) byte[] text, @ForAll long seed) {
    Words whole = new Words();
    whole.add(text);
    Words pieces = new Words();
    Random random = new Random(seed);
    for (int from = 0; from < text.length; ) {
      int to = Math.min(text.length, from + 1 + random.nextInt(4));
      pieces.add(Arrays.copyOfRange(text, from, to));
      from = to;
    }
    assertThat(bytes(pieces)).isEqualTo(text).isEqualTo(bytes(whole));
    assertThat(pieces.size()).isEqualTo(whole.size());
  }

  private static byte[] bytes(Words words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < words.size(); i++) {
      out.writeBytes(words.space(i));
      out.writeBytes(words.word(i));
    }
    out.writeBytes(words.pending());
    return out.toByteArray();
  }
}
