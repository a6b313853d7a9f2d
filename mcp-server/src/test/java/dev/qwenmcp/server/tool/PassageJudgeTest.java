package dev.qwenmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qwenmcp.server.knowledge.Embedder;
import dev.qwenmcp.server.knowledge.Embedders;
import dev.qwenmcp.server.knowledge.Embedding;
import dev.qwenmcp.server.knowledge.EmbeddingException;
import dev.qwenmcp.server.knowledge.EmbeddingModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PassageJudgeTest {
  private static final String LEASE =
      """
      ## 租金

      月租金4200元，每月5日前支付。每年最多上调一次，须提前两个月书面通知。

      ## 维修

      小修由乙方负责。空调、热水器及管道等故障由甲方负责，接到通知后四十八小时内派人处理。

      ## 其他

      未经同意不得转租。可以养一只猫，不得养狗。
      """;

  private final List<String> notes = new ArrayList<>();

  /** As a search returns it; the cosine of the whole is low, as it is where sections are short. */
  private static PassageView passage(String text, Double title) {
    return passage(text, title, 0.1);
  }

  private static PassageView passage(String text, Double title, double tokens) {
    return new PassageView(
        "d",
        "合同",
        null,
        text,
        0,
        text.length(),
        null,
        null,
        1,
        new PassageView.Parts(null, null, 0.1, null, title, tokens, null, null, null),
        null,
        null,
        null);
  }

  private PassageJudge.Judged judge(Embedders models, String question, PassageView passage) {
    return new PassageJudge(models).judge(question, List.of(passage), notes).getFirst();
  }

  @Test
  void oneSentenceOfAPassageOfSeveralSectionsIsEnough() {
    Embedders models = new Workbench().labels.embedders();
    assertThat(judge(models, "热水器坏了找谁修", passage(LEASE, null)).evidence().enough()).isTrue();
    assertThat(judge(models, "哈姆雷特是谁写的", passage(LEASE, null)).evidence().enough()).isFalse();
    assertThat(notes).isEmpty();
  }

  @Test
  void ofAnEntryTheTitleCountsAndNoSentence() {
    Embedders models = new Workbench().labels.embedders();
    assertThat(judge(models, "热水器坏了找谁修", passage(LEASE, 0.1)).evidence().enough()).isFalse();
  }

  @Test
  void theTwoPassagesThatLateInteractionPutsFirstAreComparedBySentence() {
    List<PassageView> passages =
        List.of(
            passage(LEASE, 0.9, 0.9),
            passage(LEASE, null, 0.1),
            passage(LEASE, null, 0.3),
            passage(LEASE, null, 0.2));
    PassageJudge judge = new PassageJudge(new Workbench().labels.embedders());
    // An entry takes no one's place; the others are judged by the whole, whose cosine is low.
    assertThat(judge.judge("热水器坏了找谁修", passages, notes).stream().skip(1))
        .extracting(judged -> judged.evidence().enough())
        .containsExactly(false, true, true);
  }

  @Test
  void neighboursThatWereAskedForDoNotCount() {
    Embedders models = new Workbench().labels.embedders();
    int end = LEASE.indexOf("## 维修");
    PassageView wide = passage(LEASE, null);
    PassageView narrow =
        new PassageView(
            wide.source(),
            wide.title(),
            null,
            LEASE,
            7,
            7 + LEASE.length(),
            7,
            7 + end,
            1,
            wide.parts(),
            null,
            null,
            null);
    assertThat(narrow.found()).isEqualTo(LEASE.substring(0, end));
    assertThat(judge(models, "热水器坏了找谁修", narrow).evidence().probability())
        .isLessThan(judge(models, "热水器坏了找谁修", wide).evidence().probability());
  }

  @Test
  void saysThatSentencesCouldNotBeCompared() {
    Embedders broken = new Embedders(Optional.empty(), Optional.of(new Broken()));
    PassageJudge judge = new PassageJudge(broken);
    List<PassageView> passages = List.of(passage(LEASE, null), passage(LEASE, null));
    assertThat(judge.judge("热水器坏了找谁修", passages, notes))
        .allSatisfy(judged -> assertThat(judged.evidence().enough()).isFalse());
    assertThat(notes).singleElement().asString().contains("sentences", "no such library");
  }

  private static final class Broken implements Embedder {
    @Override
    public EmbeddingModel model() {
      return new EmbeddingModel("broken", 1, 1, 0);
    }

    @Override
    public Embedding embed(String text) throws EmbeddingException {
      throw new EmbeddingException("no such library", null);
    }

    @Override
    public void close() {
      // holds nothing
    }
  }
}
