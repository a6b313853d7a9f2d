package dev.qwenmcp.server.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class KeywordExtractorTest {
  private static final String ENGLISH =
      """
      A solar panel converts sunlight into electricity. Most solar panels are made of silicon cells,
      and each of the silicon cells gives about half a volt. An inverter turns the direct current of
      the panels into alternating current. The inverter also watches the grid: when the grid fails,
      the inverter must switch off within a fraction of a second. Batteries store what the solar
      panels give at noon for the evening.\
      """;

  private static final String CHINESE =
      """
      太阳能电池板把阳光变成电能。太阳能电池板大多由硅片制成，每片硅片的电压约为半伏。逆变器把直流电变成交流电。\
      逆变器还要监视电网：电网断电时，逆变器必须立即关闭。蓄电池把太阳能电池板中午发的电存到晚上。\
      """;

  private static List<String> texts(List<Keyword> keywords) {
    return keywords.stream().map(k -> k.text().toLowerCase(Locale.ROOT)).toList();
  }

  @Test
  void findsWhatAnEnglishTextIsAbout() {
    List<Keyword> found = KeywordExtractor.extract(ENGLISH, "en", 6);
    assertThat(texts(found)).anyMatch(k -> k.startsWith("solar panel"));
    assertThat(texts(found)).contains("silicon cells", "inverter");
    assertThat(found).noneMatch(k -> k.text().matches("(?i)(the|and|of|each|must).*"));
  }

  @Test
  void findsWhatAChineseTextIsAbout() {
    List<String> found = texts(KeywordExtractor.extract(CHINESE, "zh", 6));
    assertThat(found).contains("太阳能电池板", "逆变器", "硅片");
  }

  @Test
  void scoresFallFromOneAndCountsAreTrue() {
    List<Keyword> found = KeywordExtractor.extract(ENGLISH, "en", 20);
    assertThat(found.getFirst().score()).isEqualTo(1);
    assertThat(found).isSortedAccordingTo((a, b) -> Double.compare(b.score(), a.score()));
    for (Keyword keyword : found) {
      String pattern =
          "(?i)\\b" + keyword.text().replaceAll("s$", "").replace(" ", "\\s+") + "s?\\b";
      assertThat(ENGLISH.split(pattern, -1).length - 1)
          .as(keyword.text())
          .isEqualTo(keyword.count());
    }
  }

  @Test
  void givesNoMoreThanTheLimitAndNothingForNothing() {
    assertThat(KeywordExtractor.extract(ENGLISH, "en", 2)).hasSize(2);
    assertThat(KeywordExtractor.extract("", "en", 5)).isEmpty();
    assertThat(KeywordExtractor.extract("the of and 12 34 !!", "en", 5)).isEmpty();
  }

  @Property(tries = 300)
  void everyKeywordStandsInTheText(@ForAll String text) {
    for (Keyword keyword : KeywordExtractor.extract(text, "en", 10)) {
      assertThat(text.replaceAll("\\s+", " ")).contains(keyword.text());
      assertThat(keyword.score()).isBetween(0.0, 1.0);
    }
  }
}
