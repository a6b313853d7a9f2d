package dev.qwenmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SummaryBoundTest {
  @Test
  void leavesATextThatKeepsTheBound() {
    assertThat(new SummaryBound(2, 0, SummaryStyle.PARAGRAPH).cut("One. Two."))
        .isEqualTo("One. Two.");
    assertThat(new SummaryBound(0, 2, SummaryStyle.PARAGRAPH).cut("One two")).isEqualTo("One two");
    assertThat(new SummaryBound(1, 1, SummaryStyle.PARAGRAPH).cut("")).isEmpty();
  }

  @Test
  void cutsBetweenSentences() {
    assertThat(new SummaryBound(2, 0, SummaryStyle.PARAGRAPH).cut("One. Two. Three."))
        .isEqualTo("One. Two.");
    assertThat(new SummaryBound(3, 4, SummaryStyle.PARAGRAPH).cut("One two. Three four. Five six."))
        .isEqualTo("One two. Three four.");
    assertThat(new SummaryBound(1, 0, SummaryStyle.PARAGRAPH).cut("第一句。第二句。")).isEqualTo("第一句。");
  }

  @Test
  void cutsAFirstSentenceThatIsTooLongBetweenWords() {
    assertThat(new SummaryBound(0, 2, SummaryStyle.PARAGRAPH).cut("One two three four."))
        .isEqualTo("One two…");
    assertThat(new SummaryBound(0, 3, SummaryStyle.PARAGRAPH).cut("这是一个很长的句子。")).isEqualTo("这是一…");
  }

  @Test
  void saysTheBoundInWords() {
    assertThat(new SummaryBound(1, 0, SummaryStyle.PARAGRAPH).inWords()).isEqualTo("one sentence");
    assertThat(new SummaryBound(3, 50, SummaryStyle.PARAGRAPH).inWords())
        .isEqualTo("at most 3 sentences and at most 50 words");
  }
}
