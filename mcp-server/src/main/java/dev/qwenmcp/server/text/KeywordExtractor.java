package dev.qwenmcp.server.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the phrases that a text is about, from the text alone.
 *
 * <p>Words are scored as YAKE does ({@link WordScores}). Phrases are judged by what their words
 * score on average, and by C-value's idea that a phrase that comes again is worth more than its
 * parts, and a part that never comes without it worth nothing (Frantzi, Ananiadou, Mima 2000).
 */
public final class KeywordExtractor {
  /** Longest phrase in words. */
  private static final int MOST_WORDS = 3;

  /** What several words that stand together only once are worth: they mostly do so by chance. */
  private static final double CHANCE = 0.25;

  private KeywordExtractor() {}

  /** A phrase while it is being counted. */
  private static final class Candidate {
    final int first;
    final int words;
    int count;

    Candidate(int first, int words) {
      this.first = first;
      this.words = words;
    }
  }

  /** A candidate with YAKE's score: lower is better. */
  private record Scored(Candidate candidate, double score) {}

  /**
   * The best phrases, best first.
   *
   * @param language ISO 639-1; Chinese is cut into words by a dictionary, and for English, Chinese
   *     and twelve European languages words without meaning are left out
   * @param limit most phrases
   */
  public static List<Keyword> extract(String text, String language, int limit) {
    List<WordToken> words = Words.of(text, language);
    WordScores scores = WordScores.of(text, words);
    List<Scored> ranked = new ArrayList<>();
    for (Candidate candidate : withoutMereParts(candidates(text, words))) {
      ranked.add(new Scored(candidate, score(candidate, words, scores)));
    }
    ranked.sort(Comparator.comparingDouble(Scored::score).thenComparingInt(s -> s.candidate.first));
    return choose(text, words, ranked, limit);
  }

  /** Runs of words without punctuation between them, beginning and ending with a telling word. */
  private static Map<String, Candidate> candidates(String text, List<WordToken> words) {
    Map<String, Candidate> candidates = new LinkedHashMap<>();
    for (int first = 0; first < words.size(); first++) {
      StringBuilder key = new StringBuilder();
      for (int n = 1; n <= MOST_WORDS && first + n <= words.size(); n++) {
        WordToken last = words.get(first + n - 1);
        if (n > 1 && !adjoin(text, words.get(first + n - 2), last)) {
          break;
        }
        key.append(last.key()).append(' ');
        if (!words.get(first).stop() && !last.stop() && last.end() - words.get(first).start() > 1) {
          int at = first;
          int length = n;
          candidates.computeIfAbsent(key.toString(), k -> new Candidate(at, length)).count++;
        }
      }
    }
    return candidates;
  }

  /** Whether two neighbours stand in one sentence with nothing but a space or hyphen between. */
  static boolean adjoin(String text, WordToken left, WordToken right) {
    if (left.sentence() != right.sentence()) {
      return false;
    }
    for (int i = left.end(); i < right.start(); i++) {
      char c = text.charAt(i);
      if (!Character.isWhitespace(c) && c != '-' && c != '\'' && c != '’' && c != '‑') {
        return false;
      }
    }
    return true;
  }

  /** Leaves out what occurs only inside one longer phrase that comes again. */
  private static List<Candidate> withoutMereParts(Map<String, Candidate> candidates) {
    Set<String> parts = new HashSet<>();
    for (Map.Entry<String, Candidate> phrase : candidates.entrySet()) {
      int count = phrase.getValue().count;
      if (count > 1) {
        String[] words = phrase.getKey().split(" ");
        for (int n = 1; n < words.length; n++) {
          for (int i = 0; i + n <= words.length; i++) {
            String part = String.join(" ", List.of(words).subList(i, i + n)) + " ";
            Candidate shorter = candidates.get(part);
            if (shorter != null && shorter.count == count) {
              parts.add(part);
            }
          }
        }
      }
    }
    List<Candidate> rest = new ArrayList<>();
    candidates.forEach((key, candidate) -> {
      if (!parts.contains(key)) {
        rest.add(candidate);
      }
    });
    return rest;
  }

  /** Lower is better. */
  private static double score(Candidate candidate, List<WordToken> words, WordScores scores) {
    double logs = 0;
    int telling = 0;
    for (WordToken word : words.subList(candidate.first, candidate.first + candidate.words)) {
      if (!word.stop()) {
        logs += Math.log(scores.of(word));
        telling++;
      }
    }
    double worth = candidate.count > 1 || telling == 1 ? 1 + Math.log(telling) : CHANCE;
    return Math.exp(logs / telling) / (candidate.count * worth);
  }

  /** Takes the best, leaving out phrases that share their words with a better one. */
  private static List<Keyword> choose(
      String text, List<WordToken> words, List<Scored> ranked, int limit) {
    List<Keyword> chosen = new ArrayList<>();
    List<Set<String>> taken = new ArrayList<>();
    for (Scored scored : ranked) {
      if (chosen.size() == limit) {
        break;
      }
      Candidate candidate = scored.candidate;
      Set<String> stems = new HashSet<>();
      for (WordToken word : words.subList(candidate.first, candidate.first + candidate.words)) {
        if (!word.stop()) {
          stems.add(word.key());
        }
      }
      if (taken.stream().anyMatch(t -> t.containsAll(stems) || stems.containsAll(t))) {
        continue;
      }
      taken.add(stems);
      int start = words.get(candidate.first).start();
      int end = words.get(candidate.first + candidate.words - 1).end();
      double best = ranked.getFirst().score;
      chosen.add(
          new Keyword(
              text.substring(start, end).replaceAll("\\s+", " "),
              scored.score == 0 ? 1 : best / scored.score,
              candidate.count));
    }
    return chosen;
  }
}
