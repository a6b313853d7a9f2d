package dev.qwenmcp.server.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageDetectorTest {
  private static final LanguageDetector DETECTOR = new LanguageDetector();

  @Test
  void tellsShortSentencesInEighteenLanguages() throws IOException {
    List<String> wrong = new ArrayList<>();
    List<String> lines = sentences();
    for (String line : lines) {
      String[] parts = line.split("\t");
      String found = DETECTOR.detect(parts[1]).getFirst().code();
      if (!found.equals(parts[0])) {
        wrong.add(line + " -> " + found);
      }
    }
    assertThat(lines).hasSize(96);
    assertThat(wrong).as("96 sentences of 2 to 9 words").hasSizeLessThanOrEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "en, 'The committee has not yet decided whether the new rules apply to older buildings.'",
    "de, 'Der Zug nach Hamburg hat wegen eines Unfalls ungefähr zwanzig Minuten Verspätung.'",
    "fr, 'Les enfants jouent dans le jardin pendant que leur mère prépare le repas.'",
    "es, 'Los vecinos protestaron porque el ayuntamiento cerró la biblioteca sin avisar.'",
    "it, 'Gli studenti hanno aspettato il professore per mezz’ora davanti alla porta.'",
    "pt, 'Os moradores reclamaram que a câmara fechou a biblioteca sem avisar ninguém.'",
    "ru, 'Жители пожаловались, что библиотеку закрыли без предупреждения.'",
    "uk, 'Мешканці поскаржилися, що бібліотеку зачинили без попередження.'",
    "zh, '居民抱怨图书馆未经通知就关闭了。'",
    "ja, '図書館が予告なく閉鎖されたと住民は不満を述べた。'",
    "ko, '주민들은 도서관이 예고 없이 문을 닫았다고 불평했다.'",
    "he, 'התושבים התלוננו שהספרייה נסגרה ללא הודעה מוקדמת.'",
    "id, 'Warga mengeluh bahwa perpustakaan ditutup tanpa pemberitahuan sebelumnya.'"
  })
  void tellsAWholeSentenceWithConfidence(String code, String sentence) {
    DetectedLanguage found = DETECTOR.detect(sentence).getFirst();
    assertThat(found.code()).isEqualTo(code);
    assertThat(found.confidence()).isBetween(0.8, 1.0);
  }

  @Test
  void confidencesArePositiveAndAddUpToOneAtMost() {
    List<DetectedLanguage> found = DETECTOR.detect("Quero devolver estes sapatos.");
    assertThat(found).hasSizeBetween(1, 5).allMatch(l -> l.confidence() >= 0);
    assertThat(found.stream().mapToDouble(DetectedLanguage::confidence).sum())
        .isLessThanOrEqualTo(1 + 1e-9);
  }

  @Test
  void textWithoutLettersHasNoLanguage() {
    assertThat(DETECTOR.detect("")).isEmpty();
    assertThat(DETECTOR.detect("1234 / 5678 — 😀!")).isEmpty();
  }

  @Test
  void aForeignNameDoesNotChangeTheLanguage() {
    assertThat(DETECTOR.detect("我想把 iPhone 15 Pro 退货，请问要多久？").getFirst().code()).isEqualTo("zh");
    assertThat(
            DETECTOR
                .detect("The word for library in Chinese is 图书馆, is that right?")
                .getFirst()
                .code())
        .isEqualTo("en");
  }

  @Test
  void knowsTheLanguagesThatItClaims() {
    assertThat(DETECTOR.languages())
        .containsAll(Set.of("en", "zh", "ja", "ko", "ru", "de", "fr", "es", "it", "pt"));
  }

  private static List<String> sentences() throws IOException {
    try (InputStream in = LanguageDetectorTest.class.getResourceAsStream("sentences.tsv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
