package dev.qwenmcp.server.knowledge;

import dev.qwenmcp.server.knowledge.KnowledgeException.Kind;
import java.io.IOException;
import java.nio.file.ReadOnlyFileSystemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.IntConsumer;
import org.apache.lucene.store.AlreadyClosedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps collections as Lucene indexes, in a folder that several processes share or in memory, where
 * they end with the process.
 */
public final class LuceneKnowledgeBase implements KnowledgeBase {
  private static final Logger LOG = LoggerFactory.getLogger(LuceneKnowledgeBase.class);

  /** Unfinished work of others is looked for when the first calls have been answered. */
  private static final long RESUME_MILLIS = 3_000;

  private final KnowledgeLimits limits;
  private final Shelf shelf;
  private final EmbeddingWorker worker = new EmbeddingWorker();
  private final CollectionSettings settings;
  private final Map<Key, LuceneCollection> open = new HashMap<>();

  private record Key(String principal, String name) {}

  /** Makes a base in memory, without collections. */
  public LuceneKnowledgeBase(KnowledgeLimits limits, Embedders embedders) {
    this(KnowledgeSettings.inMemory(limits, embedders));
  }

  /** Opens a base. Nothing is read or written yet; collections are opened as they are used. */
  public LuceneKnowledgeBase(KnowledgeSettings settings) {
    this.limits = settings.limits();
    this.shelf =
        settings
            .folder()
            .<Shelf>map(folder -> new DiskShelf(folder, settings.patience()))
            .orElseGet(MemoryShelf::new);
    this.settings =
        new CollectionSettings(
            new PassageAnalysis(),
            settings.models(),
            worker,
            settings.embeddingThreads(),
            settings.patience(),
            settings.reranker());
    if (settings.folder().isPresent()) {
      worker.submit(this::resume, RESUME_MILLIS);
    }
  }

  /** Opens what another process may have left half embedded; opening has it embedded. */
  private void resume() {
    try {
      for (Volume volume : shelf.all()) {
        if (worker.closing()) {
          return;
        }
        find(volume.manifest().principal(), volume.name());
      }
    } catch (KnowledgeException e) {
      LOG.warn("not all collections can be opened: {}", e.getMessage());
    }
  }

  /** What is done with a collection. */
  private interface Use<T> {
    T of(LuceneCollection collection) throws IOException, KnowledgeException;
  }

  /** Uses a collection, once more if it was removed and made again meanwhile. */
  private <T> T use(String principal, String name, Use<T> use) throws KnowledgeException {
    for (int attempt = 0; ; attempt++) {
      LuceneCollection collection = find(principal, name);
      try {
        return use.of(collection);
      } catch (AlreadyClosedException e) {
        if (attempt > 0) {
          throw unknown(principal, name);
        }
      } catch (IOException e) {
        if (!collection.current()) {
          if (attempt > 0) {
            throw unknown(principal, name);
          }
          continue;
        }
        throw collection.failure(e);
      } catch (ReadOnlyFileSystemException e) {
        throw StorageFailures.readOnly(e, collection.volume());
      }
    }
  }

  @Override
  public IngestSummary ingest(
      String principal, String collection, List<SourceDocument> documents, IntConsumer progress)
      throws KnowledgeException {
    for (SourceDocument document : documents) {
      document.check();
    }
    Room room = new Room(charactersBeside(principal, collection), limits.characters());
    create(principal, collection, documents, room);
    return use(principal, collection, c -> c.ingest(documents, progress, room));
  }

  private long charactersBeside(String principal, String collection) throws KnowledgeException {
    long characters = 0;
    for (CollectionInfo info : collections(principal)) {
      characters += info.name().equals(collection) ? 0 : info.characters();
    }
    return characters;
  }

  /** Makes the collection if need be, once it is known that the documents fit. */
  private void create(String principal, String name, List<SourceDocument> documents, Room room)
      throws KnowledgeException {
    if (shelf.find(principal, name).isPresent()) {
      return;
    }
    SortedMap<String, Shelf.Found> there = shelf.list(principal);
    if (there.size() >= limits.collections()) {
      throw new KnowledgeException(
          Kind.QUOTA,
          "%d collections are the most; put the documents into one of these: %s"
              .formatted(limits.collections(), String.join(", ", there.keySet())));
    }
    Map<String, Long> sizes = new HashMap<>();
    documents.forEach(document -> sizes.put(document.id(), document.characters()));
    long characters = sizes.values().stream().mapToLong(Long::longValue).sum();
    room.require(characters);
    try {
      shelf.create(principal, name, Generation.of(settings.choice().preferred()));
    } catch (IOException e) {
      throw StorageFailures.of(e, "collection \"" + name + "\"", "the data folder");
    }
  }

  @Override
  public int awaitVectors(String principal, String collection, Duration atMost)
      throws KnowledgeException, InterruptedException {
    LuceneCollection found = find(principal, collection);
    try {
      return found.awaitVectors(atMost);
    } catch (AlreadyClosedException e) {
      throw unknown(principal, collection);
    } catch (IOException e) {
      throw found.failure(e);
    }
  }

  @Override
  public SearchResult search(String principal, String collection, SearchRequest request)
      throws KnowledgeException {
    return use(principal, collection, c -> c.search(request));
  }

  @Override
  public List<SourceInfo> sources(String principal, String collection) throws KnowledgeException {
    return use(principal, collection, LuceneCollection::sources);
  }

  @Override
  public Optional<StoredDocument> document(String principal, String collection, String id)
      throws KnowledgeException {
    return use(principal, collection, c -> c.document(id));
  }

  @Override
  public List<String> forget(String principal, String collection, List<String> ids)
      throws KnowledgeException {
    return use(principal, collection, c -> c.forget(ids));
  }

  @Override
  public CollectionInfo drop(String principal, String collection) throws KnowledgeException {
    CollectionInfo info;
    try {
      info = use(principal, collection, LuceneCollection::info);
    } catch (KnowledgeException e) {
      if (e.kind() != Kind.DAMAGED && e.kind() != Kind.NEWER_FORMAT) {
        throw e;
      }
      info = new CollectionInfo(collection, 0, 0, 0, e.getMessage());
    }
    forgetOpen(new Key(principal, collection));
    try {
      if (!shelf.remove(principal, collection)) {
        throw unknown(principal, collection);
      }
    } catch (IOException e) {
      throw StorageFailures.of(e, "collection \"" + collection + "\"", "the data folder");
    }
    return info;
  }

  private synchronized void forgetOpen(Key key) {
    LuceneCollection closing = open.remove(key);
    if (closing != null) {
      try {
        closing.close();
      } catch (IOException e) {
        LOG.warn("closing {} failed", key.name(), e);
      }
    }
  }

  @Override
  public List<CollectionInfo> collections(String principal) throws KnowledgeException {
    List<CollectionInfo> infos = new ArrayList<>();
    for (Map.Entry<String, Shelf.Found> each : shelf.list(principal).entrySet()) {
      String name = each.getKey();
      if (each.getValue().problem().isPresent()) {
        infos.add(new CollectionInfo(name, 0, 0, 0, each.getValue().problem().get().getMessage()));
        continue;
      }
      try {
        infos.add(use(principal, name, LuceneCollection::info));
      } catch (KnowledgeException e) {
        if (e.kind() != Kind.UNKNOWN_COLLECTION) { // else removed meanwhile
          infos.add(new CollectionInfo(name, 0, 0, 0, e.getMessage()));
        }
      }
    }
    return infos;
  }

  private synchronized LuceneCollection find(String principal, String name)
      throws KnowledgeException {
    Key key = new Key(principal, name);
    LuceneCollection known = open.get(key);
    if (known != null) {
      if (known.current()) {
        return known;
      }
      forgetOpen(key);
    }
    Optional<Volume> volume = shelf.find(principal, name);
    if (volume.isEmpty()) {
      throw unknown(principal, name);
    }
    try {
      LuceneCollection opened = new LuceneCollection(volume.get(), settings);
      open.put(key, opened);
      return opened;
    } catch (IOException e) {
      throw StorageFailures.of(e, volume.get());
    } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
      throw StorageFailures.damaged("collection \"" + name + "\"", volume.get().place(), e);
    }
  }

  private KnowledgeException unknown(String principal, String name) throws KnowledgeException {
    SortedMap<String, Shelf.Found> collections = shelf.list(principal);
    return new KnowledgeException(
        Kind.UNKNOWN_COLLECTION,
        collections.isEmpty()
            ? "there are no documents yet; add some with the tool ingest"
            : "there is no collection \"%s\"; there are: %s"
                .formatted(name, String.join(", ", collections.keySet())));
  }

  /** A collection that was removed while it was used. */
  static KnowledgeException gone(String name) {
    return new KnowledgeException(
        Kind.UNKNOWN_COLLECTION,
        "collection \"%s\" was removed meanwhile; list_sources names those that are there"
            .formatted(name));
  }

  @Override
  public void close() {
    worker.close();
    synchronized (this) {
      List.copyOf(open.keySet()).forEach(this::forgetOpen);
    }
  }
}
