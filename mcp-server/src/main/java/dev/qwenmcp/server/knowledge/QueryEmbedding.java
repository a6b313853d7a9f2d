package dev.qwenmcp.server.knowledge;

import java.util.Optional;

/** Makes vectors of a query; where there is nothing to compare, a note says why. */
final class QueryEmbedding {
  private static final String ONLY = "searched by words only: ";

  private final VectorSet set;
  private final Coverage coverage;
  private final Optional<VectorSet> next;
  private final RecentQueries recent;

  /**
   * @param set what is compared
   * @param coverage which passages have vectors
   * @param next what is being made to take its place
   * @param recent queries that need not be embedded again
   */
  QueryEmbedding(VectorSet set, Coverage coverage, Optional<VectorSet> next, RecentQueries recent) {
    this.set = set;
    this.coverage = coverage;
    this.next = next;
    this.recent = recent;
  }

  /** The query's vectors, if they can be compared. */
  Optional<QueryVectors> of(String query, SearchNotes notes) {
    if (next.isPresent()) {
      notes.add(
          "vectors by %s are being made and will take the place of those by %s"
              .formatted(
                  String.join(" and ", next.get().generation().names()),
                  set.generation().names().isEmpty()
                      ? "none"
                      : String.join(" and ", set.generation().names())));
    }
    if (set.models().isEmpty()) {
      notes.add(
          ONLY
              + "the collection's vectors are by %s, which is not there; start the server with --embedding-model to have them made by another"
                  .formatted(String.join(" and ", set.generation().names())));
      return Optional.empty();
    }
    Optional<Embedder> embedder = set.models().get().of(query);
    if (embedder.isEmpty()) {
      notes.add(ONLY + "there is no embedding model for the query's language");
      return Optional.empty();
    }
    String problem = set.trouble();
    int pending = coverage.pending(set.failed());
    if (pending > 0) {
      notes.add(
          "%,d passages are still being embedded: until then they are found by their words only"
              .formatted(pending));
    } else if (coverage.vectors() == 0) {
      notes.add(ONLY + (problem.isEmpty() ? "no passage has a vector" : problem));
      return Optional.empty();
    }
    if (!problem.isEmpty()) {
      notes.add("some passages are found by their words only: " + problem);
    }
    return embedded(embedder.get(), query, notes);
  }

  private Optional<QueryVectors> embedded(Embedder embedder, String query, SearchNotes notes) {
    try {
      Embedding embedding = recent.of(embedder, query);
      if (embedding.known() < PassageEmbedding.KNOWN) {
        notes.add(ONLY + "%s does not know the query's script".formatted(embedder.model().name()));
        return Optional.empty();
      }
      return Optional.of(new QueryVectors(embedder.model(), embedding));
    } catch (EmbeddingException e) {
      notes.add(ONLY + e.getMessage());
      return Optional.empty();
    }
  }
}
