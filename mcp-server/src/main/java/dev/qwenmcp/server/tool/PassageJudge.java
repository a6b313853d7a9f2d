package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.answer.Evidence;
import dev.qwenmcp.server.answer.NearestSentence;
import dev.qwenmcp.server.knowledge.Embedders;
import dev.qwenmcp.server.knowledge.EmbeddingException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** Judges how far passages that a search found answer a question. */
final class PassageJudge {
  private final Embedders models;

  /**
   * @param models that come with the program: what sentences' cosines mean was found out for these
   */
  PassageJudge(Embedders models) {
    this.models = models;
  }

  /** A passage and how far it answers. */
  record Judged(PassageView passage, Evidence evidence) {}

  /**
   * Judges each passage. Of those that are no entries, the few that are worth it are compared by
   * their sentences, the others by the whole.
   *
   * @param notes gets what the caller should know
   */
  List<Judged> judge(String question, List<PassageView> passages, List<String> notes) {
    NearestSentence nearest = new NearestSentence(question, models);
    Set<PassageView> compared = worthComparing(passages);
    List<Judged> judged = new ArrayList<>();
    for (PassageView passage : passages) {
      OptionalDouble sentence =
          compared.contains(passage) ? sentence(passage, nearest, notes) : OptionalDouble.empty();
      judged.add(
          new Judged(
              passage,
              Evidence.of(
                  question, passage.title(), passage.text(), closeness(passage, sentence))));
    }
    return judged;
  }

  private static Set<PassageView> worthComparing(List<PassageView> passages) {
    List<PassageView> candidates =
        passages.stream()
            .filter(p -> p.parts() != null && p.parts().vector() != null)
            .filter(p -> !Evidence.isEntry(p.text(), optional(p.parts().title())))
            .toList();
    return NearestSentence.worthComparing(
            candidates.stream().map(p -> optional(p.parts().rerank())).toList())
        .stream()
        .map(candidates::get)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Evidence.Closeness closeness(PassageView passage, OptionalDouble sentence) {
    PassageView.Parts parts = passage.parts();
    return parts == null || parts.vector() == null
        ? Evidence.Closeness.NONE
        : new Evidence.Closeness(optional(parts.vector()), optional(parts.title()), sentence);
  }

  private static OptionalDouble optional(Double value) {
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private static OptionalDouble sentence(
      PassageView passage, NearestSentence nearest, List<String> notes) {
    try {
      return nearest.cosine(passage.heading() == null ? "" : passage.heading(), passage.found());
    } catch (EmbeddingException e) {
      String note = "judged by whole passages instead of their sentences: " + e.getMessage();
      if (!notes.contains(note)) {
        notes.add(note);
      }
      return OptionalDouble.empty();
    }
  }
}
