package dev.qwenmcp.server.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SameTextTest {
  private static final String LONG =
      "Parcels leave our store within a day of the order and arrive in three days at most,"
          + " wherever you live in the country, and you can follow them on our page. If nobody is at"
          + " home, the neighbours may take them, or they wait for a week in the shop next door.";

  @Test
  void caseWidthAndWhiteSpaceDoNotMatter() {
    assertThat(SameText.of("Ａ  Shoe\n").same(SameText.of("a shoe"))).isTrue();
    assertThat(SameText.of("a shoe").same(SameText.of("a boot"))).isFalse();
  }

  @Test
  void hardlyAnyDifferenceInALongTextIsNone() {
    SameText text = SameText.of(LONG);
    assertThat(text.nearlySame(SameText.of(LONG.replace("parcels", "Parcels")))).isTrue();
    assertThat(text.nearlySame(SameText.of(LONG + " "))).isTrue();
    assertThat(text.nearlySame(SameText.of(LONG.replace("follow them", "follow it")))).isTrue();
    assertThat(text.nearlySame(SameText.of(LONG.substring(60) + LONG.substring(0, 30)))).isFalse();
  }

  @Test
  void anotherNumberSaysSomethingElse() {
    assertThat(SameText.of(LONG + " 10 euros").nearlySame(SameText.of(LONG + " 12 euros")))
        .isFalse();
    String chinese = "订单通常在三个工作日内送达，您可以在我们的网页上查看包裹的位置。".repeat(4);
    assertThat(SameText.of(chinese + "共2件").nearlySame(SameText.of(chinese + "共3件"))).isFalse();
    assertThat(SameText.of(chinese + "！").nearlySame(SameText.of(chinese))).isTrue();
  }

  @Test
  void shortTextsAreComparedWordForWord() {
    assertThat(SameText.of("no").nearlySame(SameText.of("so"))).isFalse();
  }

  @Test
  void aSearchReturnsNearlyTheSameTextOfOtherDocumentsOnce() throws Exception {
    try (KnowledgeBase base = new LuceneKnowledgeBase(KnowledgeLimits.DEFAULT, Embedders.NONE)) {
      base.ingest(
          "local",
          "default",
          List.of(
              new SourceDocument("a", "", LONG),
              new SourceDocument("b", "", LONG.replace("follow them", "follow it")),
              new SourceDocument("c", "", LONG + " It costs 10 euros."),
              new SourceDocument("d", "", LONG + " It costs 12 euros.")),
          _ -> {});
      List<Passage> found =
          base.search("local", "default", SearchRequest.of("parcels", 10)).passages();
      assertThat(found).hasSize(3);
      assertThat(found.stream().flatMap(p -> p.alsoIn().stream())).hasSize(1);
    }
  }
}
