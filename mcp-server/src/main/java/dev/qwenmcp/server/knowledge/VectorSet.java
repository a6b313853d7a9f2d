package dev.qwenmcp.server.knowledge;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The vectors of a collection by one generation of models; safe for many threads. */
final class VectorSet implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VectorSet.class);

  private final Generation generation;
  private final Optional<Embedders> models;
  private final VectorIndex index;

  /** Passages that could not be embedded by this process; tried again by the next. */
  private final Set<Long> failed = ConcurrentHashMap.newKeySet();

  /** Why that was, empty while nothing went wrong. */
  private volatile String trouble = "";

  private VectorSet(Generation generation, Optional<Embedders> models, VectorIndex index) {
    this.generation = generation;
    this.models = models;
    this.index = index;
  }

  /**
   * Opens the vectors of a generation. If their files are damaged they are deleted: they can be
   * made again of the texts.
   */
  static VectorSet open(Volume volume, Generation generation, EmbeddingChoice choice)
      throws IOException {
    Optional<Embedders> models = models(generation, choice);
    try {
      return new VectorSet(generation, models, new VectorIndex(volume.vectors(generation)));
    } catch (CorruptIndexException
        | IndexFormatTooOldException
        | EOFException
        | NoSuchFileException e) {
      LOG.warn(
          "the vectors of {} are damaged and will be made again: {}",
          volume.name(),
          e.getMessage());
      volume.deleteVectors(generation);
      return new VectorSet(generation, models, new VectorIndex(volume.vectors(generation)));
    }
  }

  private static Optional<Embedders> models(Generation generation, EmbeddingChoice choice) {
    if (Generation.of(choice.preferred()).sameAs(generation)) {
      return Optional.of(choice.preferred());
    }
    return generation.models().stream()
        .findFirst()
        .flatMap(first -> choice.byName(first.name(), first.location()))
        .filter(found -> Generation.of(found).sameAs(generation));
  }

  Generation generation() {
    return generation;
  }

  /**
   * The models that made these vectors; empty if they are not there, so nothing can be compared.
   */
  Optional<Embedders> models() {
    return models;
  }

  /** Whether passages can get vectors of this generation. */
  boolean fillable() {
    return models.map(m -> !m.all().isEmpty()).orElse(false);
  }

  VectorIndex index() {
    return index;
  }

  Set<Long> failed() {
    return failed;
  }

  String trouble() {
    return trouble;
  }

  void failed(long passage, String why) {
    trouble = why;
    failed.add(passage);
  }

  @Override
  public void close() throws IOException {
    index.close();
  }
}
