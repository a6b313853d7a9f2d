package dev.qwenmcp.server.knowledge.qwen;

import dev.qwenmcp.engine.CacheOptions;
import dev.qwenmcp.engine.Engine;
import dev.qwenmcp.engine.EngineOptions;
import dev.qwenmcp.engine.gguf.GgufFile;
import dev.qwenmcp.engine.gguf.ModelIdentity;
import dev.qwenmcp.server.knowledge.EmbeddingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A GGUF file whose engine is opened when it is first used; safe for many threads. */
final class EngineFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineFile.class);
  private static final int FINGERPRINT_DIGITS = 8;

  /** Keys and values of the texts that are read at a time; none is kept for later. */
  private static final long CACHE_BYTES = 512L << 20;

  private final Path path;
  private final EngineOptions options;
  private final String name;
  private final int width;
  private final ReadWriteLock use = new ReentrantReadWriteLock();

  /** Guarded by {@link #use}, as all below; null until it is used and once it is closed. */
  private Engine engine;

  private boolean closed;
  private String failure = "";

  /**
   * Reads the file's header.
   *
   * @param options of the engine; its cache is replaced by a small one in memory
   * @throws IOException if it is no model that the engine can run; the message says why
   */
  EngineFile(Path path, EngineOptions options) throws IOException {
    this.path = path.toAbsolutePath().normalize();
    this.options = options.withCache(CacheOptions.IN_MEMORY.withMemory(CACHE_BYTES));
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
   * Does something with the engine.
   *
   * @throws EmbeddingException if it cannot be opened, or is closed
   */
  <T> T with(Function<Engine, T> work) throws EmbeddingException {
    open();
    use.readLock().lock();
    try {
      if (engine == null) {
        throw new EmbeddingException(name + " is closed", null);
      }
      return work.apply(engine);
    } catch (RuntimeException e) {
      throw new EmbeddingException(name + " failed: " + e.getMessage(), e);
    } finally {
      use.readLock().unlock();
    }
  }

  private void open() throws EmbeddingException {
    use.readLock().lock();
    try {
      if (engine != null || closed) {
        return;
      }
    } finally {
      use.readLock().unlock();
    }
    use.writeLock().lock();
    try {
      if (engine != null || closed) {
        return;
      }
      if (!failure.isEmpty()) {
        throw new EmbeddingException(failure, null);
      }
      long start = System.nanoTime();
      engine = Engine.open(GgufFile.open(path), options);
      LOG.info("{} loaded in {} ms", name, (System.nanoTime() - start) / 1_000_000);
    } catch (IOException | RuntimeException e) {
      failure = "%s cannot be loaded (%s)".formatted(name, e.getMessage());
      LOG.warn("{}", failure, e);
      throw new EmbeddingException(failure, e);
    } finally {
      use.writeLock().unlock();
    }
  }

  @Override
  public void close() {
    use.writeLock().lock();
    try {
      closed = true;
      if (engine != null) {
        engine.close();
        engine = null;
      }
    } finally {
      use.writeLock().unlock();
    }
  }
}
