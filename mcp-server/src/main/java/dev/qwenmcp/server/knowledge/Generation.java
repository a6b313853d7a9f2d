package dev.qwenmcp.server.knowledge;

import java.util.List;

/**
 * The models that made a set of vectors.
 *
 * @param models for each, its name and where it was read from, empty if it comes with the program
 */
record Generation(List<Model> models) {
  /** No vectors at all. */
  static final Generation NONE = new Generation(List.of());

  Generation {
    models = List.copyOf(models);
  }

  /** A model as a manifest names it. */
  record Model(String name, String location) {}

  static Generation of(Embedders embedders) {
    return new Generation(
        embedders.all().stream().map(e -> new Model(e.model().name(), e.location())).toList());
  }

  /** Whether both name the same models, wherever these lie. */
  boolean sameAs(Generation other) {
    return names().equals(other.names());
  }

  List<String> names() {
    return models.stream().map(Model::name).toList();
  }

  /** Name of the index with its vectors. */
  String index() {
    return "vectors-" + Digests.shortName(String.join("\n", names()));
  }
}
