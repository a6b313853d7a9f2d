package dev.qwenmcp.server.knowledge.qwen;

import dev.qwenmcp.engine.CacheOptions;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.ModelIdentity;
import dev.qwenmcp.server.knowledge.EmbeddingException;
import dev.qwenmcp.server.model.EngineRoom;
import dev.qwenmcp.server.model.ModelException;
import dev.qwenmcp.server.model.ModelLease;
import dev.qwenmcp.server.model.ModelMemoryException;
import dev.qwenmcp.server.model.SharedEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * A GGUF file whose engine is opened when it is first used, in the memory that all models share;
 * safe for many threads.
 */
final class EngineFile implements AutoCloseable {
  private static final int FINGERPRINT_DIGITS = 8;

  /** Keys and values of the texts that are read at a time; none is kept for later. */
  private static final long CACHE_BYTES = 512L << 20;

  /** How often passages try to get room for the model, each time for as long as calls wait. */
  private static final int MOST_TRIES = 20;

  private final Path path;
  private final String name;
  private final int width;
  private final SharedEngine engine;

  /**
   * Reads the file's header.
   *
   * @param options of the engine; its cache is replaced by a small one in memory, and its context
   *     by what texts need
   * @param room where it runs
   * @throws IOException if it is no model that the engine can run; the message says why
   */
  EngineFile(Path path, EngineOptions options, EngineRoom room) throws IOException {
    this.path = path.toAbsolutePath().normalize();
    try (GgufFile file = GgufFile.open(this.path)) {
      String architecture = file.metadata().get("general.architecture").orElse("").toString();
      if (!architecture.equals("qwen3") && !architecture.equals("qwen3moe")) {
        throw new IOException(
            "%s is of architecture \"%s\", qwen3 or qwen3moe was expected"
                .formatted(path, architecture));
      }
      this.width =
          file.metadata()
              .get(architecture + ".embedding_length")
              .filter(Number.class::isInstance)
              .map(n -> ((Number) n).intValue())
              .orElseThrow(() -> new IOException(path + " does not say how wide its states are"));
      Object said = file.metadata().get("general.name").orElse("");
      String base = said.toString().isBlank() ? path.getFileName().toString() : said.toString();
      this.name =
          base.replaceAll("[^\\p{L}\\p{N}._-]+", "-")
              + "-"
              + ModelIdentity.of(file).substring(0, FINGERPRINT_DIGITS);
    }
    this.engine = room.engine(name, this.path, forTexts(options));
  }

  private static EngineOptions forTexts(EngineOptions options) {
    return new EngineOptions(
        options.kernels(),
        options.threads(),
        options.kvType(),
        0,
        options.batchTokens(),
        options.drafting(),
        CacheOptions.IN_MEMORY.withMemory(CACHE_BYTES),
        options.scheduling());
  }

  /** The model's name and the beginning of its fingerprint: another for other weights. */
  String name() {
    return name;
  }

  /** Numbers in a state. */
  int width() {
    return width;
  }

  Path path() {
    return path;
  }

  /**
   * Does something with the engine for somebody who waits.
   *
   * @throws EmbeddingException if it cannot be opened, has no room beside the models that work, or
   *     is closed
   */
  <T> T with(Function<Engine, T> work) throws EmbeddingException {
    return with(work, 1);
  }

  /** The same in the background, where one can wait until other models are idle. */
  <T> T withPatience(Function<Engine, T> work) throws EmbeddingException {
    return with(work, MOST_TRIES);
  }

  private <T> T with(Function<Engine, T> work, int tries) throws EmbeddingException {
    try (ModelLease lease = lease(tries)) {
      return work.apply(lease.engine());
    } catch (ModelException e) {
      throw new EmbeddingException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddingException("interrupted while " + name + " was loaded", e);
    } catch (RuntimeException e) {
      throw new EmbeddingException(name + " failed: " + e.getMessage(), e);
    }
  }

  private ModelLease lease(int tries) throws ModelException, InterruptedException {
    for (int left = tries - 1; ; left--) {
      try {
        return engine.lease();
      } catch (ModelException e) {
        boolean passes = e.getCause() instanceof ModelMemoryException memory && memory.passes();
        if (left <= 0 || !passes) {
          throw e;
        }
      }
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
