package dev.qwenmcp.server.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SentencesTest {
  private static List<String> split(String text) {
    return Sentences.of(text).stream().map(span -> span.of(text)).toList();
  }

  @Test
  void splitsAtTheEndsOfSentences() {
    assertThat(split("Where is it? I paid $3.50 for shipping.  Please reply!"))
        .containsExactly("Where is it?", "I paid $3.50 for shipping.", "Please reply!");
  }

  @Test
  void splitsChineseAndJapanese() {
    assertThat(split("我想退货。请问运费是多少？谢谢！")).containsExactly("我想退货。", "请问运费是多少？", "谢谢！");
    assertThat(split("靴を返品したいです。送料はいくらですか？")).hasSize(2);
  }

  @Test
  void doesNotStumbleOverAbbreviations() {
    assertThat(split("Dr. Smith of the U.S. Army met Mr. J. Brown. They talked."))
        .containsExactly("Dr. Smith of the U.S. Army met Mr. J. Brown.", "They talked.");
  }

  @Test
  void endsAtHeadingsBlankLinesAndItems() {
    assertThat(split("# Lease\n\n## Repairs\nSmall repairs are\nthe tenant's. The rest is not"))
        .containsExactly(
            "# Lease", "## Repairs", "Small repairs are\nthe tenant's.", "The rest is not");
    assertThat(split("Pets are allowed\n\nOne cat, or one dog")).hasSize(2);
    assertThat(split("Bring:\r\n- a towel\r\n- clean shoes\r\n"))
        .containsExactly("Bring:", "- a towel", "- clean shoes");
    assertThat(split("1. Open the tap. Wait.\n2. Close it."))
        .containsExactly("1. Open the tap.", "Wait.", "2. Close it.");
    assertThat(split("## 维修\n空调由甲方负责。小修由乙方负责。\n## 押金\n十五日内退还。"))
        .containsExactly("## 维修", "空调由甲方负责。", "小修由乙方负责。", "## 押金", "十五日内退还。");
    assertThat(split("Issue #4 was closed. It was - as they say - small."))
        .containsExactly("Issue #4 was closed.", "It was - as they say - small.");
  }

  @Property(tries = 300)
  void losesNothingButWhiteSpace(@ForAll String text) {
    StringBuilder joined = new StringBuilder();
    int last = 0;
    for (Span span : Sentences.of(text)) {
      assertThat(span.start()).isGreaterThanOrEqualTo(last);
      assertThat(span.end()).isGreaterThan(span.start());
      last = span.end();
      joined.append(span.of(text));
    }
    assertThat(withoutSpace(joined.toString())).isEqualTo(withoutSpace(text));
  }

  private static String withoutSpace(String text) {
    return text.codePoints()
        .filter(c -> !Character.isWhitespace(c))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
