package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which vectors a collection has: those that searches compare, and while it is given to other
 * models, those that are being made; safe for many threads.
 *
 * <p>The manifest says it, so all processes that share the collection go by it. Which models take
 * over is decided when a process opens the collection, by what its user chose; from then on it
 * follows the manifest, so that two processes with different choices do not undo each other's work
 * again and again.
 */
final class Generations implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Generations.class);
  private static final long LOOK_NANOS = 100_000_000;

  private final Volume volume;
  private final EmbeddingChoice choice;

  /** Guarded by this, as all below. */
  private VectorSet serving;

  private Optional<VectorSet> next = Optional.empty();
  private boolean closed;
  private long looked = System.nanoTime();

  Generations(Volume volume, EmbeddingChoice choice) throws IOException, KnowledgeException {
    this.volume = volume;
    this.choice = choice;
    Manifest manifest = decided(volume.manifest());
    this.serving = VectorSet.open(volume, manifest.serving(), choice);
    try {
      follow(manifest);
    } catch (IOException | RuntimeException e) {
      serving.close();
      throw e;
    }
  }

  /** What the collection shall have, now that this process with its choice has come. */
  private Manifest decided(Manifest manifest) throws KnowledgeException {
    Generation preferred = Generation.of(choice.preferred());
    boolean free = choice.chosen() || manifest.serving().models().isEmpty();
    Optional<Generation> wanted =
        preferred.sameAs(manifest.serving()) ? Optional.empty() : Optional.of(preferred);
    if (!free || preferred.models().isEmpty() || wanted.equals(manifest.next())) {
      return manifest;
    }
    try {
      volume.generations(manifest.serving(), wanted);
      return manifest.with(manifest.serving(), wanted);
    } catch (IOException e) {
      LOG.warn("the vectors of {} stay as they are: {}", volume.name(), e.toString());
      return manifest;
    }
  }

  /** Opens and closes what another process changed. */
  private void follow(Manifest manifest) throws IOException {
    if (!manifest.serving().sameAs(serving.generation())) {
      VectorSet before = serving;
      if (next.isPresent() && next.get().generation().sameAs(manifest.serving())) {
        serving = next.get();
        next = Optional.empty();
      } else {
        serving = VectorSet.open(volume, manifest.serving(), choice);
      }
      before.close();
    }
    Optional<Generation> now = next.map(VectorSet::generation);
    if (!now.equals(manifest.next())) {
      if (next.isPresent()) {
        next.get().close();
        next = Optional.empty();
      }
      if (manifest.next().isPresent()) {
        next = Optional.of(VectorSet.open(volume, manifest.next().get(), choice));
      }
    }
  }

  private synchronized void look() throws IOException, KnowledgeException {
    long now = System.nanoTime();
    if (!closed && now - looked > LOOK_NANOS) {
      looked = now;
      follow(volume.manifest());
    }
  }

  /** What searches compare. */
  synchronized VectorSet serving() throws IOException, KnowledgeException {
    look();
    return serving;
  }

  /** What is being made, if anything. */
  synchronized Optional<VectorSet> next() throws IOException, KnowledgeException {
    look();
    return next;
  }

  /** Lets searches compare what was being made, and removes what they compared before. */
  synchronized void advance() throws IOException, KnowledgeException {
    if (closed || next.isEmpty()) {
      return;
    }
    Generation before = serving.generation();
    volume.generations(next.get().generation(), Optional.empty());
    follow(volume.manifest());
    volume.deleteVectors(before);
    LOG.info("{}: vectors are now by {}", volume.name(), serving.generation().names());
  }

  /** Removes the vectors that searches compare, to have them made again. */
  synchronized void discard() throws IOException {
    Generation generation = serving.generation();
    serving.close();
    volume.deleteVectors(generation);
    serving = VectorSet.open(volume, generation, choice);
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    try (VectorSet _ = serving) {
      if (next.isPresent()) {
        next.get().close();
      }
    }
  }
}
