package dev.qwenmcp.server.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How telling each word of a text is: YAKE's scores of single words; lower is better.
 *
 * <p>Campos et al., "YAKE! Keyword extraction from single documents using multiple local features",
 * Information Sciences 509 (2020), equations 1 to 7. A word is the better the earlier, the more
 * often, the more evenly and the more often in capitals it occurs, and the fewer different
 * neighbours it has.
 */
final class WordScores {
  private final Map<String, Double> scores = new HashMap<>();
  private final Map<String, Map<String, Integer>> followers = new HashMap<>();

  static WordScores of(String text, List<WordToken> words) {
    WordScores result = new WordScores();
    Map<String, List<WordToken>> places = new LinkedHashMap<>();
    Map<String, Map<String, Integer>> leaders = new HashMap<>();
    for (int i = 0; i < words.size(); i++) {
      WordToken word = words.get(i);
      places.computeIfAbsent(word.key(), k -> new ArrayList<>()).add(word);
      if (i > 0 && KeywordExtractor.adjoin(text, words.get(i - 1), word)) {
        String before = words.get(i - 1).key();
        count(result.followers, before, word.key());
        count(leaders, word.key(), before);
      }
    }
    result.score(text, places, leaders);
    return result;
  }

  private void score(
      String text, Map<String, List<WordToken>> places, Map<String, Map<String, Integer>> leaders) {
    List<List<WordToken>> telling =
        places.values().stream().filter(list -> !list.getFirst().stop()).toList();
    double mean = telling.stream().mapToInt(List::size).average().orElse(0);
    double deviation =
        Math.sqrt(
            telling.stream().mapToDouble(l -> Math.pow(l.size() - mean, 2)).average().orElse(0));
    int most = telling.stream().mapToInt(List::size).max().orElse(1);
    int sentences =
        places.values().stream().mapToInt(l -> l.getLast().sentence()).max().orElse(0) + 1;
    for (List<WordToken> list : telling) {
      String key = list.getFirst().key();
      double relatedness =
          1 + (variety(leaders.get(key)) + variety(followers.get(key))) * list.size() / most;
      // The paper takes the logarithm twice, which in short texts lets the first sentence win.
      double position = Math.log(3 + list.get(list.size() / 2).sentence());
      double casing = capitals(text, list) / (1 + Math.log(list.size()));
      double frequency = list.size() / (mean + deviation);
      double spread =
          list.stream().map(WordToken::sentence).distinct().count() / (double) sentences;
      scores.put(
          key, position * relatedness / (casing + frequency / relatedness + spread / relatedness));
    }
  }

  /** Different neighbours for each neighbour: 1 if none comes twice. */
  private static double variety(Map<String, Integer> neighbours) {
    if (neighbours == null) {
      return 0;
    }
    return neighbours.size()
        / (double) neighbours.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Places with a capital that does not just begin a sentence, or all in capitals. */
  private static int capitals(String text, List<WordToken> places) {
    int capitals = 0;
    for (WordToken word : places) {
      boolean first = word.start() == 0 || startsSentence(text, word.start());
      boolean upper = Character.isUpperCase(text.codePointAt(word.start()));
      boolean acronym =
          word.end() - word.start() > 1
              && text.substring(word.start(), word.end())
                  .codePoints()
                  .allMatch(Character::isUpperCase);
      capitals += acronym || (upper && !first) ? 1 : 0;
    }
    return capitals;
  }

  private static boolean startsSentence(String text, int at) {
    int i = at - 1;
    while (i >= 0 && !Character.isLetterOrDigit(text.charAt(i))) {
      char c = text.charAt(i);
      if (c == '.' || c == '!' || c == '?' || c == '\n' || c == '。') {
        return true;
      }
      i--;
    }
    return i < 0;
  }

  double of(WordToken word) {
    return scores.get(word.key());
  }

  private static void count(
      Map<String, Map<String, Integer>> counts, String word, String neighbour) {
    counts.computeIfAbsent(word, k -> new HashMap<>()).merge(neighbour, 1, Integer::sum);
  }
}
