package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;

/** Keeps collections in memory; they end with the process. */
final class MemoryShelf implements Shelf {
  private final Map<String, SortedMap<String, Volume>> byPrincipal = new HashMap<>();

  @Override
  public synchronized SortedMap<String, Found> list(String principal) {
    SortedMap<String, Found> found = new TreeMap<>();
    of(principal)
        .forEach(
            (name, volume) -> found.put(name, new Found(Optional.of(volume), Optional.empty())));
    return found;
  }

  private SortedMap<String, Volume> of(String principal) {
    return byPrincipal.computeIfAbsent(principal, p -> new TreeMap<>());
  }

  @Override
  public synchronized Optional<Volume> find(String principal, String name) {
    return Optional.ofNullable(of(principal).get(name));
  }

  @Override
  public synchronized Volume create(String principal, String name, Generation serving)
      throws IOException {
    Volume there = of(principal).get(name);
    if (there != null) {
      return there;
    }
    Manifest manifest =
        new Manifest(Manifest.FORMAT, "0", principal, name, serving, Optional.empty());
    Volume made = new MemoryVolume(manifest);
    try (Directory words = made.words()) {
      WordWriter.create(words);
    }
    of(principal).put(name, made);
    return made;
  }

  @Override
  public synchronized boolean remove(String principal, String name) {
    return of(principal).remove(name) != null;
  }

  @Override
  public synchronized Iterable<Volume> all() {
    List<Volume> all = new ArrayList<>();
    byPrincipal.values().forEach(volumes -> all.addAll(volumes.values()));
    return all;
  }

  /** Directories that outlive those who open and close them. */
  private final class MemoryVolume implements Volume {
    private final Directory words = new ByteBuffersDirectory();
    private final Map<String, Directory> vectors = new HashMap<>();
    private Manifest manifest;

    MemoryVolume(Manifest manifest) {
      this.manifest = manifest;
    }

    @Override
    public String name() {
      return manifest.name();
    }

    @Override
    public String place() {
      return "memory";
    }

    @Override
    public synchronized Manifest manifest() {
      return manifest;
    }

    @Override
    public boolean current() {
      synchronized (MemoryShelf.this) {
        return of(manifest.principal()).get(name()) == this;
      }
    }

    @Override
    public synchronized void generations(Generation serving, Optional<Generation> next) {
      manifest = manifest.with(serving, next);
    }

    @Override
    public Directory words() {
      return new Open(words);
    }

    @Override
    public synchronized Directory vectors(Generation generation) {
      return new Open(
          vectors.computeIfAbsent(generation.index(), name -> new ByteBuffersDirectory()));
    }

    @Override
    public synchronized void deleteVectors(Generation generation) {
      vectors.remove(generation.index());
    }
  }

  /** Leaves the directory open when it is closed. */
  private static final class Open extends FilterDirectory {
    Open(Directory in) {
      super(in);
    }

    @Override
    public void close() {
      // The bytes belong to the volume.
    }
  }
}
