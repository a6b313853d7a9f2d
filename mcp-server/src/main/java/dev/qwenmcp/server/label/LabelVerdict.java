package dev.qwenmcp.server.label;

import java.util.List;

/**
 * What a label set's classifier says of a text.
 *
 * @param scores all labels with their probabilities, likeliest first
 * @param inScope whether the text belongs to the set
 * @param sureness probability of the first label times the squared cosine of the nearest example
 * @param scope what sureness is compared with
 * @param neighbours the nearest examples, nearest first
 * @param embedder name of the embedding model
 * @param note what the caller should know, empty for nothing
 */
public record LabelVerdict(
    List<Score> scores,
    boolean inScope,
    double sureness,
    Scope scope,
    List<Neighbour> neighbours,
    String embedder,
    String note) {

  /** A label and its probability. */
  public record Score(String label, double probability) {}
}
