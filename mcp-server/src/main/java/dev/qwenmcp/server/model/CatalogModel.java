package dev.qwenmcp.server.model;

import dev.qwenmcp.engine.gguf.GgufFile;
import java.io.IOException;
import java.util.List;

/**
 * A model that can be opened.
 *
 * @param name what commands and calls give to choose it
 * @param description for people
 * @param languages ISO 639-1 codes it is fit for, empty where nobody said
 * @param source where its file is
 */
public record CatalogModel(String name, String description, List<String> languages, Source source) {

  /** Opens the model's file; the caller closes it. */
  @FunctionalInterface
  public interface Source {
    GgufFile open() throws IOException;
  }

  public CatalogModel {
    languages = List.copyOf(languages);
  }

  /** The model's file, validated; the caller closes it. */
  public GgufFile open() throws IOException {
    return source.open();
  }
}
