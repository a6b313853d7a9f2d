package dev.qwenmcp.server.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WordingsTest {
  private final List<Ranking.Ranked> ranked = new ArrayList<>();
  private final Map<Long, String> texts = new HashMap<>();

  /** Cosines of title and text are the score. */
  private void wording(long id, String text, double score) {
    ranked.add(new Ranking.Ranked(id, PassageScores.ofVectors(score, (int) id).titled(score, 0.6)));
    texts.put(id, text);
  }

  private List<Ranking.Ranked> together() throws Exception {
    return Wordings.together(ranked, id -> Optional.ofNullable(texts.get(id)));
  }

  @Test
  void anEntryWithSeveralNearWordingsComesBeforeOneWithASingleOne() throws Exception {
    wording(1, "repairs", 0.70);
    wording(2, "tracking", 0.68);
    wording(3, "tracking", 0.67);
    wording(4, "tracking", 0.66);
    wording(5, "tracking", 0.20);
    wording(6, "repairs", 0.30);
    wording(7, "repairs", 0.20);

    List<Ranking.Ranked> together = together();

    assertThat(together).extracting(Ranking.Ranked::id).containsExactly(2L, 3L, 4L, 5L, 1L, 6L, 7L);
    assertThat(together.getFirst().scores().score()).isCloseTo((0.68 + 0.67) / 2, within(1e-9));
    assertThat(together.getFirst().scores().title()).hasValue(0.68);
    assertThat(together.get(4).scores().score()).isCloseTo((0.70 + 0.40) / 2, within(1e-9));
  }

  @Test
  void aQuestionWordedJustLikeOneOfThemFindsItWhateverTheOthersAre() throws Exception {
    wording(1, "warranty", 1.00);
    wording(2, "returns", 0.75);
    wording(3, "warranty", 0.60);
    wording(4, "warranty", 0.50);

    assertThat(together()).extracting(Ranking.Ranked::id).containsExactly(1L, 3L, 4L, 2L);
  }

  @Test
  void equalScoresKeepTheirOrder() throws Exception {
    for (long id = 1; id <= 20; id++) {
      wording(id, "text " + id, 0.5);
    }
    assertThat(together()).isEqualTo(ranked);
  }

  @Test
  void whatHasOneWordingOrNoTitleKeepsItsScore() throws Exception {
    wording(1, "a", 0.9);
    ranked.add(new Ranking.Ranked(2, PassageScores.ofVectors(0.8, 2)));
    ranked.add(new Ranking.Ranked(3, PassageScores.ofVectors(0.7, 3)));
    texts.put(2L, "a"); // the same text, but no title of its own
    wording(4, "b", 0.6);
    texts.remove(4L); // gone meanwhile

    assertThat(together()).isEqualTo(ranked);
  }
}
