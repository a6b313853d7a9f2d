package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.answer.Evidence;
import dev.qwenmcp.server.answer.NearestSentence;
import dev.qwenmcp.server.knowledge.Embedders;
import dev.qwenmcp.server.knowledge.EmbeddingException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

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
   * Judges each passage by itself.
   *
   * @param notes gets what the caller should know
   */
  List<Judged> judge(String question, List<PassageView> passages, List<String> notes) {
    NearestSentence nearest = new NearestSentence(question, models);
    List<Judged> judged = new ArrayList<>();
    for (PassageView passage : passages) {
      judged.add(
          new Judged(
              passage,
              Evidence.of(
                  question, passage.title(), passage.text(), closeness(passage, nearest, notes))));
    }
    return judged;
  }

  private static Evidence.Closeness closeness(
      PassageView passage, NearestSentence nearest, List<String> notes) {
    PassageView.Parts parts = passage.parts();
    if (parts == null || parts.vector() == null) {
      return Evidence.Closeness.NONE;
    }
    OptionalDouble title =
        parts.title() == null ? OptionalDouble.empty() : OptionalDouble.of(parts.title());
    return new Evidence.Closeness(
        OptionalDouble.of(parts.vector()),
        title,
        Evidence.isEntry(passage.text(), title)
            ? OptionalDouble.empty()
            : sentence(passage, nearest, notes));
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
