package dev.qwenmcp.server.cli;

import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.server.knowledge.Embedder;
import dev.qwenmcp.server.knowledge.Embedders;
import dev.qwenmcp.server.knowledge.EmbeddingChoice;
import dev.qwenmcp.server.knowledge.onnx.EmbeddedModels;
import dev.qwenmcp.server.knowledge.qwen.QwenEmbedder;
import dev.qwenmcp.server.model.EngineRoom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedding models of a server: those that come with the program, the one that its user chose,
 * and those that collections were embedded by and that still lie where they did.
 */
final class ServedEmbedding implements EmbeddingChoice, AutoCloseable {
  /** Names those that come with the program. */
  static final String EMBEDDED = "embedded";

  private static final Logger LOG = LoggerFactory.getLogger(ServedEmbedding.class);

  private final Embedders embedded = EmbeddedModels.open();
  private final Optional<Embedders> file;
  private final boolean chosen;
  private final EngineOptions options;
  private final EngineRoom room;

  /** By their paths; empty for what is not there or another model. Guarded by this. */
  private final Map<String, Optional<Embedders>> others = new HashMap<>();

  /**
   * @param choice {@link #EMBEDDED}, the path of a GGUF file, or empty for no choice
   * @param options of engines
   * @param room where they run
   * @throws IOException if the file is no model that the engine can run
   */
  ServedEmbedding(Optional<String> choice, EngineOptions options, EngineRoom room)
      throws IOException {
    this.room = room;
    this.options = options;
    this.chosen = choice.isPresent();
    Optional<String> path = choice.filter(c -> !c.equals(EMBEDDED));
    this.file =
        path.isPresent()
            ? Optional.of(both(new QwenEmbedder(Path.of(path.get()), options, room)))
            : Optional.empty();
  }

  /** One model for all languages. */
  private static Embedders both(Embedder embedder) {
    return new Embedders(Optional.of(embedder), Optional.of(embedder));
  }

  /** Those that come with the program. */
  Embedders embedded() {
    return embedded;
  }

  @Override
  public Embedders preferred() {
    return file.orElse(embedded);
  }

  @Override
  public boolean chosen() {
    return chosen;
  }

  @Override
  public synchronized Optional<Embedders> byName(String name, String location) {
    if (has(embedded, name)) {
      return Optional.of(embedded);
    }
    if (file.isPresent() && has(file.get(), name)) {
      return file;
    }
    return others.computeIfAbsent(location, this::open).filter(found -> has(found, name));
  }

  private static boolean has(Embedders models, String name) {
    return models.all().stream().anyMatch(e -> e.model().name().equals(name));
  }

  private Optional<Embedders> open(String location) {
    if (location.isEmpty() || !Files.isRegularFile(Path.of(location))) {
      return Optional.empty();
    }
    try {
      return Optional.of(both(new QwenEmbedder(Path.of(location), options, room)));
    } catch (IOException e) {
      LOG.warn("{} is no embedding model any more: {}", location, e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public synchronized void close() {
    embedded.close();
    file.ifPresent(Embedders::close);
    others.values().forEach(other -> other.ifPresent(Embedders::close));
  }
}
