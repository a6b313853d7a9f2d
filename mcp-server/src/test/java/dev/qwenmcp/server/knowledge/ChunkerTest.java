package dev.qwenmcp.server.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.text.Span;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ChunkerTest {
  private static List<String> chunk(String text) {
    return Chunker.chunk(text).stream().map(span -> span.of(text)).toList();
  }

  private static String sentence(int words, int seed) {
    return IntStream.range(0, words)
        .mapToObj(i -> "word" + (seed * 31 + i))
        .collect(Collectors.joining(" ", "S", ". "));
  }

  private static int words(String text) {
    return text.split("\\s+").length;
  }

  @Test
  void aShortDocumentIsOnePassage() {
    assertThat(chunk("\n  Orders arrive in 3 days. \n\n Returns are free.\n"))
        .containsExactly("Orders arrive in 3 days. \n\n Returns are free.");
  }

  @Test
  void nothingGivesNoPassage() {
    assertThat(chunk("")).isEmpty();
    assertThat(chunk(" \n\t\n ")).isEmpty();
  }

  @Test
  void longProseIsCutBetweenSentencesWithOneRepeated() {
    String text =
        IntStream.range(0, 60).mapToObj(i -> sentence(20, i)).collect(Collectors.joining());
    List<String> passages = chunk(text);
    assertThat(passages).hasSizeBetween(6, 8);
    assertThat(passages).allMatch(p -> p.startsWith("S") && p.endsWith("."));
    assertThat(passages).allSatisfy(p -> assertThat(words(p)).isBetween(60, 240));
    for (int i = 1; i < passages.size(); i++) {
      String last = passages.get(i - 1).substring(passages.get(i - 1).lastIndexOf("S"));
      assertThat(passages.get(i)).startsWith(last);
    }
  }

  @Test
  void paragraphsAreKeptWholeWhereTheyFit() {
    String paragraph =
        IntStream.range(0, 7).mapToObj(i -> sentence(20, i)).collect(Collectors.joining());
    String text = String.join("\n\n", paragraph, paragraph, paragraph);
    assertThat(chunk(text)).hasSize(3).allMatch(p -> p.equals(paragraph.strip()));
  }

  @Test
  void aHeadingGoesWithWhatFollows() {
    String paragraph =
        IntStream.range(0, 7).mapToObj(i -> sentence(20, i)).collect(Collectors.joining());
    String text =
        "# One\n\n" + paragraph + "\n\n## Two\n\n" + paragraph + "\n\nThree\n\n" + paragraph;
    List<String> passages = chunk(text);
    assertThat(passages).hasSize(3);
    assertThat(passages.get(0)).startsWith("# One");
    assertThat(passages.get(1)).startsWith("## Two");
    assertThat(passages.get(2)).startsWith("Three");
  }

  @Test
  void noPassageIsPartOfTheOneBefore() {
    String full =
        IntStream.range(0, 9).mapToObj(i -> sentence(20, i)).collect(Collectors.joining());
    String text = full + "\n# " + sentence(25, 10) + "\n" + sentence(190, 11);
    List<Span> spans = Chunker.chunk(text);
    assertThat(spans).hasSize(2);
    assertThat(spans.get(1).end()).isGreaterThan(spans.get(0).end());
    assertThat(spans.get(1).of(text)).startsWith("# ");
  }

  @Test
  void chineseIsCutByCharacters() {
    String text = "这是一个关于图书馆开放时间的很长的句子，用来测试分段的长度。".repeat(60);
    List<String> passages = chunk(text);
    assertThat(passages).allMatch(p -> p.endsWith("。")).allMatch(p -> p.length() <= 400);
    assertThat(passages.subList(0, passages.size() - 1)).allMatch(p -> p.length() >= 200);
  }

  @Test
  void aSentenceWithoutEndIsCutAtSpacesAndALineWithoutSpacesAnywhere() {
    assertThat(chunk(sentence(1000, 1).replace(".", "")))
        .hasSizeBetween(5, 6)
        .allMatch(p -> words(p) <= 240);
    assertThat(chunk("x".repeat(20_000))).hasSizeBetween(8, 10).allMatch(p -> p.length() <= 2900);
  }

  @Provide
  Arbitrary<String> documents() {
    Arbitrary<String> pieces =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(30),
            Arbitraries.of(
                "\n\n",
                "\r\n \r\n",
                "# Title\n",
                "- item\n",
                "1. one\n",
                "。",
                ". ",
                "图书馆",
                "👩‍👧 ",
                "Dr. No. ",
                sentence(60, 3),
                "字".repeat(500),
                "z".repeat(3000)));
    return pieces.list().ofMaxSize(30).map(list -> String.join("", list));
  }

  @Property(tries = 300)
  void passagesCoverTheTextInOrderAndSplitNoCharacter(@ForAll("documents") String text) {
    int covered = 0;
    for (Span span : Chunker.chunk(text)) {
      assertThat(isBlank(text.substring(Math.min(covered, span.start()), span.start()))).isTrue();
      assertThat(span.end()).isGreaterThan(covered);
      assertThat(Character.isWhitespace(text.charAt(span.start()))).isFalse();
      assertThat(
              span.start() > 0
                  && Character.isSurrogatePair(
                      text.charAt(span.start() - 1), text.charAt(span.start())))
          .isFalse();
      assertThat(
              span.end() < text.length()
                  && Character.isSurrogatePair(
                      text.charAt(span.end() - 1), text.charAt(span.end())))
          .isFalse();
      covered = span.end();
    }
    assertThat(isBlank(text.substring(covered))).isTrue();
  }

  /** U+0085 ends a sentence as white space does, but is none to Java. */
  private static boolean isBlank(String text) {
    return text.chars().allMatch(c -> Character.isWhitespace(c) || c == '\u0085');
  }
}
