package dev.qwenmcp.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PreTokenizerTest {
  /**
   * The model's expression in the JDK's dialect. {@code \s} is spelled out because the JDK's
   * Unicode classes change {@code \p{L}} as well; ſ because the JDK folds case in ASCII alone.
   */
  private static final Pattern EXPRESSION =
      Pattern.compile(
          ("(?i:'[sſ]|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
                  + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+")
              .replace("\\S", "[^\\p{IsWhite_Space}]")
              .replace("[^\\s", "[^\\p{IsWhite_Space}")
              .replace("\\s", "\\p{IsWhite_Space}"));

  @Test
  void cutsContractionsDigitsSignsAndSpaces() {
    assertThat(words("I'd say we'LL pay 12.50 €!\n\n  Ok")) // one digit a word
        .containsExactly(
            "I", "'d", " say", " we", "'LL", " pay", " ", "1", "2", ".", "5", "0", " €!\n\n", " ",
            " Ok");
  }

  @Test
  void cutsWhatTheExpressionCuts() {
    RandomText texts = new RandomText(new SplittableRandom(2));
    for (int i = 0; i < 50_000; i++) {
      String text = texts.next();
      List<String> expected = new ArrayList<>();
      Matcher matcher = EXPRESSION.matcher(text);
      while (matcher.find()) {
        expected.add(matcher.group());
      }
      assertThat(words(text)).isEqualTo(expected);
    }
  }

  private static List<String> words(String text) {
    char[] chars = text.toCharArray();
    List<String> words = new ArrayList<>();
    for (int from = 0; from < chars.length; ) {
      int to = PreTokenizer.wordEnd(chars, from, chars.length);
      words.add(new String(chars, from, to - from));
      from = to;
    }
    return words;
  }
}
