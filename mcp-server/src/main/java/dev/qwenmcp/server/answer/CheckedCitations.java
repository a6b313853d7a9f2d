package dev.qwenmcp.server.answer;

import dev.qwenmcp.server.text.Sentences;
import dev.qwenmcp.server.text.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer whose citations were checked: numbers of passages that do not exist are removed, and
 * statements without a citation or with figures that no cited passage has are named.
 *
 * @param text the answer, citations written as {@code [n]}
 * @param cited numbers of the passages that it cites, from 1
 * @param removed numbers that it cited and that do not exist
 * @param uncited sentences that state something and cite nothing
 * @param unsupported figures that occur in none of the cited passages
 */
public record CheckedCitations(
    String text,
    SortedSet<Integer> cited,
    List<String> removed,
    List<String> uncited,
    List<String> unsupported) {

  /** {@code [1]}, {@code [1, 2]}, {@code 【1】}, {@code [^1]}. */
  private static final Pattern CITATION =
      Pattern.compile("[\\[【]\\s*\\^?(\\d{1,9}(?:\\s*[,，、;]\\s*\\^?\\d{1,9})*)\\s*[\\]】]");

  private static final Pattern LATE_MARKS =
      Pattern.compile("([.!?。！？])\\s*((?:\\[\\d{1,9}]\\s*)+)");

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
  private static final Pattern FIGURE = Pattern.compile("\\d+(?:[.,:]\\d+)*");

  /** A shorter sentence is a greeting or a yes. */
  private static final int SHORTEST_CLAIM = 12;

  private static final int SHORTEST_CHINESE_CLAIM = 6;

  public CheckedCitations {
    removed = List.copyOf(removed);
    uncited = List.copyOf(uncited);
    unsupported = List.copyOf(unsupported);
  }

  /**
   * Checks an answer.
   *
   * @param answer as a model wrote it
   * @param passages that it was given, in the order of their numbers
   */
  public static CheckedCitations of(String answer, List<String> passages) {
    SortedSet<Integer> cited = new TreeSet<>();
    List<String> removed = new ArrayList<>();
    Matcher mark = CITATION.matcher(answer);
    StringBuilder text = new StringBuilder();
    while (mark.find()) {
      StringBuilder kept = new StringBuilder();
      Matcher number = NUMBER.matcher(mark.group(1));
      while (number.find()) {
        int n = Integer.parseInt(number.group());
        if (n >= 1 && n <= passages.size()) {
          cited.add(n);
          kept.append('[').append(n).append(']');
        } else {
          removed.add(number.group());
        }
      }
      mark.appendReplacement(text, Matcher.quoteReplacement(kept.toString()));
    }
    mark.appendTail(text);
    String repaired = text.toString().replaceAll(" +(?=[.,;:!?]|\\z)", "").strip();
    return new CheckedCitations(
        repaired, cited, removed, uncited(repaired), unsupported(repaired, cited, passages));
  }

  private static List<String> uncited(String text) {
    // Marks after the full stop belong to the sentence before it.
    String moved = LATE_MARKS.matcher(text).replaceAll("$2$1 ");
    List<String> sentences = new ArrayList<>();
    for (Span span : Sentences.of(moved)) {
      sentences.add(span.of(moved));
    }
    return sentences.stream()
        .filter(sentence -> states(sentence) && !CITATION.matcher(sentence).find())
        .toList();
  }

  private static boolean states(String sentence) {
    boolean chinese = sentence.codePoints().anyMatch(Character::isIdeographic);
    boolean asks = sentence.endsWith("?") || sentence.endsWith("？");
    boolean announces =
        sentence.startsWith("#") || sentence.endsWith(":") || sentence.endsWith("：");
    return !asks
        && !announces
        && sentence.length() >= (chinese ? SHORTEST_CHINESE_CLAIM : SHORTEST_CLAIM);
  }

  private static List<String> unsupported(
      String text, SortedSet<Integer> cited, List<String> passages) {
    StringBuilder sources = new StringBuilder();
    for (int i = 1; i <= passages.size(); i++) {
      if (cited.isEmpty() || cited.contains(i)) {
        sources.append(passages.get(i - 1)).append('\n');
      }
    }
    List<String> known = FIGURE.matcher(sources).results().map(r -> r.group()).toList();
    return FIGURE
        .matcher(CITATION.matcher(text).replaceAll(""))
        .results()
        .map(r -> r.group())
        .filter(figure -> !known.contains(figure))
        .distinct()
        .toList();
  }
}
