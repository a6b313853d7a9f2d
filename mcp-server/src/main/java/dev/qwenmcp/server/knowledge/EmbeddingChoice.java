package dev.qwenmcp.server.knowledge;

import java.util.Optional;

/** Which embedding models collections use; safe for many threads. */
public interface EmbeddingChoice {

  /** The models for new collections. */
  Embedders preferred();

  /**
   * Whether somebody chose these: then collections with vectors by others get theirs made anew, and
   * otherwise they keep what they have.
   */
  boolean chosen();

  /**
   * Models that a collection has its vectors by.
   *
   * @param name as {@link Embedder#model} has it
   * @param location as {@link Embedder#location} had it
   * @return empty if there is no such model any more
   */
  Optional<Embedders> byName(String name, String location);

  /** These models and no others, for all collections. */
  static EmbeddingChoice of(Embedders models) {
    return new EmbeddingChoice() {
      @Override
      public Embedders preferred() {
        return models;
      }

      @Override
      public boolean chosen() {
        return true;
      }

      @Override
      public Optional<Embedders> byName(String name, String location) {
        return models.all().stream().anyMatch(e -> e.model().name().equals(name))
            ? Optional.of(models)
            : Optional.empty();
      }
    };
  }
}
