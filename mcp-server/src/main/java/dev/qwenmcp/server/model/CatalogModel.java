package dev.qwenmcp.server.model;

import dev.qwenmcp.engine.gguf.GgufFile;
import java.io.IOException;
import java.util.List;

/**
 * A model whose file can be opened.
 *
 * @param name what commands and calls give to choose it
 * @param kind where it comes from
 * @param description for people
 * @param languages ISO 639-1 codes it is fit for, empty where nobody said
 * @param licence where it is known from elsewhere than the file, else empty
 * @param source where its file is
 */
public record CatalogModel(
    String name,
    ModelKind kind,
    String description,
    List<String> languages,
    String licence,
    Source source) {

  /** Opens the model's file; the caller closes it. */
  @FunctionalInterface
  public interface Source {
    GgufFile open() throws IOException;
  }

  public CatalogModel {
    languages = List.copyOf(languages);
  }

  /** A file of the user's. */
  public CatalogModel(String name, String description, List<String> languages, Source source) {
    this(name, ModelKind.FILE, description, languages, "", source);
  }

  /** The model's file, validated; the caller closes it. */
  public GgufFile open() throws IOException {
    return source.open();
  }

  /**
   * What its header says; the weights are not read.
   *
   * @throws IOException if the file is gone or damaged
   */
  public ModelFacts facts() throws IOException {
    try (GgufFile file = open()) {
      return ModelFacts.of(file).or(languages, licence);
    }
  }
}
