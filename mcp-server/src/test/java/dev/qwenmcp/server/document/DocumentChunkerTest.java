package dev.qwenmcp.server.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.knowledge.Chunk;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class DocumentChunkerTest {
  private static List<String> texts(Document document) {
    return DocumentChunker.chunk(document).stream()
        .map(chunk -> document.text().substring(chunk.start(), chunk.end()))
        .toList();
  }

  private static List<String> headings(Document document) {
    return DocumentChunker.chunk(document).stream().map(Chunk::heading).toList();
  }

  private static String prose(int sentences) {
    return IntStream.range(0, sentences)
        .mapToObj(i -> "Sentence number %d has exactly eight words here.".formatted(i))
        .collect(Collectors.joining(" "));
  }

  @Test
  void passagesCarryTheHeadingsTheyStandUnder() {
    Document guide =
        Markdown.read(
            "# Guide\n\n## Install\n\n%s\n\n### On Linux\n\n%s\n\n## Use `it`\n\n%s"
                .formatted(prose(10), prose(10), prose(10)));
    assertThat(guide.title()).isEqualTo("Guide");
    assertThat(headings(guide)).containsExactly("Install", "Install > On Linux", "Use it");
    assertThat(texts(guide).get(1)).startsWith("### On Linux");
  }

  @Test
  void shortSectionsShareAPassageUnderWhatTheyShare() {
    Document guide =
        Markdown.read("# Guide\n\n## Care\n\n### Wash\n\nCold.\n\n### Dry\n\nIn the shade.\n");
    assertThat(headings(guide)).containsExactly("Care");
    assertThat(texts(guide).getFirst()).startsWith("# Guide").endsWith("In the shade.");
  }

  @Test
  void aSectionThatIsCutKeepsItsHeading() {
    Document guide = Markdown.read("## 安装\n\n" + "这是一个关于图书馆开放时间的很长的句子。".repeat(60));
    assertThat(headings(guide)).hasSizeGreaterThan(2).containsOnly("安装");
    assertThat(texts(guide)).allMatch(text -> text.endsWith("。"));
  }

  @Test
  void tablesAndCodeAreKeptWholeWhereTheyFit() {
    String code =
        "```java\n"
            + IntStream.range(0, 30)
                .mapToObj(i -> "int a%d;\n\n".formatted(i))
                .collect(Collectors.joining())
            + "```";
    String table = "| a | b |\n|---|---|\n" + "| one. Two. | three |\n".repeat(20);
    Document document =
        Markdown.read(prose(12) + "\n\n" + code + "\n\n" + prose(12) + "\n\n" + table);
    assertThat(texts(document))
        .anyMatch(text -> text.contains(code))
        .anyMatch(text -> text.contains(table.strip()));
  }

  @Test
  void aLongTableIsCutBetweenRows() {
    Document document =
        Markdown.read(
            "| word | meaning |\n|---|---|\n"
                + "| one two three. Four | five six seven |\n".repeat(100));
    assertThat(texts(document))
        .hasSizeGreaterThan(2)
        .allMatch(text -> text.startsWith("|") && text.endsWith("|"));
  }

  @Test
  void frontMatterIsKnownOfTheDocumentAndNotSearched() {
    Document note =
        Markdown.read(
            "---\ntitle: 退货 note\ntags: [shop, shoes]\nyear: 2026\nnested: {a: 1}\n---\nText.\n");
    assertThat(note.title()).isEqualTo("退货 note");
    assertThat(note.metadata())
        .containsEntry("tags", "shop, shoes")
        .containsEntry("year", "2026")
        .hasSize(2);
    assertThat(texts(note)).containsExactly("Text.");
    assertThat(Markdown.read("---\n: [ no yaml\n---\nText.\n").metadata()).isEmpty();
    assertThat(texts(Markdown.read("---\n\nA rule, then text.\n\n---\n\nMore.")).getFirst())
        .contains("A rule");
  }

  @Provide
  Arbitrary<String> markdown() {
    Arbitrary<String> pieces =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(30),
            Arbitraries.of(
                "\n\n",
                "\r\n\r\n",
                "\n",
                "# 标题\n",
                "### Deep *title* #\n",
                "Title\n=====\n",
                "- item\n",
                "  - inner\n",
                "1. one\n",
                "> quote ",
                "```\ncode\n\n more\n```\n",
                "| a | b |\n|---|---|\n| 1 | 2 |\n",
                "---\n",
                "---\nkey: value\n---\n",
                "<!-- gone -->\n\n",
                "<div>\nhtml\n</div>\n\n",
                "    indented\n",
                "👩‍👧",
                "。",
                prose(12),
                "字".repeat(500),
                "z".repeat(3000),
                "| x |\n".repeat(300),
                "```\n" + "line of code\n".repeat(300)));
    return pieces.list().ofMaxSize(25).map(list -> String.join("", list));
  }

  @Property(tries = 300)
  void citationsReproduceTheText(@ForAll("markdown") String text) {
    for (Document document : List.of(Markdown.read(text), Markdown.plain(text, "text/plain"))) {
      assertThat(document.text()).isEqualTo(text);
      int start = 0;
      int end = 0;
      for (Chunk chunk : DocumentChunker.chunk(document)) {
        String passage = text.substring(chunk.start(), chunk.end());
        assertThat(passage).isNotBlank();
        assertThat(passage.length()).isLessThan(12_000);
        assertThat(chunk.start()).isGreaterThanOrEqualTo(start);
        assertThat(chunk.end()).isGreaterThan(end);
        assertThat(
                Character.isLowSurrogate(passage.charAt(0))
                    && Character.isHighSurrogate(text.charAt(Math.max(0, chunk.start() - 1))))
            .isFalse();
        start = chunk.start();
        end = chunk.end();
      }
      assertBlocksAreCovered(document);
    }
  }

  private static void assertBlocksAreCovered(Document document) {
    boolean[] covered = new boolean[document.text().length()];
    for (Chunk chunk : DocumentChunker.chunk(document)) {
      Arrays.fill(covered, chunk.start(), chunk.end(), true);
    }
    for (Block block : document.blocks()) {
      for (int i = block.start(); i < block.end(); i++) {
        if (!covered[i]) {
          assertThat(Character.isWhitespace(document.text().charAt(i))).isTrue();
        }
      }
    }
  }
}
