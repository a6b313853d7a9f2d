package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges the wordings of an entry together: documents with titles of their own and one text, such
 * as the ways in which a question of a FAQ is put.
 *
 * <p>One wording can be near a question by chance, by the name of a product in both; several seldom
 * are. So an entry stands where the mean of its nearest wording and of the {@link #BEST} nearest
 * together puts it: nearest neighbours vote by their nearness (Dudani 1976), but a question that is
 * worded just like one of them finds it whatever the others are. Of 152 English and 232 Chinese
 * questions to a FAQ of 19 wordings an entry, the right entry comes first for 92.1 and 94.4 % by
 * the nearest wording, 94.1 and 95.7 % so, 93.4 and 96.6 % by the three nearest alone.
 */
final class Wordings {
  private static final int BEST = 3;

  private Wordings() {}

  /** Reads the text of a passage; empty if it has gone. */
  @FunctionalInterface
  interface Texts {
    Optional<String> of(long id) throws IOException;
  }

  /**
   * In the order of the entries, each wording with the score of its entry.
   *
   * @param ranked by score, best first; what has no title's cosine is an entry by itself
   */
  static List<Ranking.Ranked> together(List<Ranking.Ranked> ranked, Texts texts)
      throws IOException {
    List<Ranking.Ranked> result = new ArrayList<>();
    Map<String, List<Ranking.Ranked>> entries = new LinkedHashMap<>();
    for (Ranking.Ranked each : ranked) {
      Optional<String> text =
          each.scores().title().isPresent() ? texts.of(each.id()) : Optional.empty();
      if (text.isPresent()) {
        entries.computeIfAbsent(text.get(), _ -> new ArrayList<>()).add(each);
      } else {
        result.add(each);
      }
    }
    for (List<Ranking.Ranked> wordings : entries.values()) {
      double score = score(wordings);
      wordings.forEach(w -> result.add(new Ranking.Ranked(w.id(), w.scores().scored(score))));
    }
    result.sort(Ranking.byScore()); // stable: the nearest wording of an entry stays first
    return result;
  }

  private static double score(List<Ranking.Ranked> wordings) {
    double together =
        wordings.stream().limit(BEST).mapToDouble(w -> w.scores().score()).average().orElseThrow();
    return (wordings.getFirst().scores().score() + together) / 2;
  }
}
