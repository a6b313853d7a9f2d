package dev.qwenmcp.server.tool;

import dev.qwenmcp.server.label.LabelVerdict;
import dev.qwenmcp.server.protocol.Doc;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What decided about a text that was classified by a label set. */
record LabelEvidence(
    @Doc("examples: a classifier trained on the examples decided; model: the language model did")
        DecidedBy decidedBy,
    @Doc("Whether a generative model was asked") boolean modelConsulted,
    @Doc(value = "The embedding model that compared", optional = true) String embedder,
    @Doc(value = "The nearest examples, nearest first", optional = true)
        List<NearestExample> nearest,
    @Doc(value = "Labels of the nearest examples with their number", optional = true)
        List<Vote> votes,
    @Doc(
            value =
                "Probability of the first label times the squared similarity of the nearest example",
            optional = true)
        Double sureness,
    @Doc(
            value =
                "Sureness from which on a text is in scope: 98 % of rightly labelled examples that"
                    + " were held back had more",
            optional = true)
        Double threshold,
    @Doc(
            value = "Share of the examples held back in training that was labelled rightly",
            optional = true)
        Double heldOutAccuracy) {

  /** What decided. */
  enum DecidedBy {
    EXAMPLES,
    MODEL
  }

  /** An example near the text. */
  record NearestExample(
      @Doc("The example") String text,
      @Doc("Its label") String label,
      @Doc("Cosine of the embeddings") double similarity) {}

  /** How many of the nearest examples have a label. */
  record Vote(@Doc("The label") String label, @Doc("How many") int examples) {}

  static final LabelEvidence OF_MODEL =
      new LabelEvidence(DecidedBy.MODEL, true, null, null, null, null, null, null);

  static LabelEvidence of(LabelVerdict verdict) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    verdict.neighbours().forEach(near -> counts.merge(near.label(), 1, Integer::sum));
    List<Vote> votes = new ArrayList<>();
    counts.forEach((label, count) -> votes.add(new Vote(label, count)));
    votes.sort(Comparator.comparingInt(Vote::examples).reversed());
    return new LabelEvidence(
        DecidedBy.EXAMPLES,
        false,
        verdict.embedder(),
        verdict.neighbours().stream()
            .map(near -> new NearestExample(near.text(), near.label(), near.similarity()))
            .toList(),
        votes,
        verdict.sureness(),
        verdict.scope().threshold(),
        verdict.scope().accuracy());
  }
}
