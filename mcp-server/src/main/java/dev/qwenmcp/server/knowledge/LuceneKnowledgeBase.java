package dev.qwenmcp.server.knowledge;

import dev.qwenmcp.server.knowledge.KnowledgeException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.apache.lucene.store.AlreadyClosedException;

/** Keeps all collections in memory; they end with the process. */
public final class LuceneKnowledgeBase implements KnowledgeBase {
  private final KnowledgeLimits limits;
  private final Embedders embedders;
  private final EmbeddingWorker worker = new EmbeddingWorker();
  private final PassageAnalysis analysis = new PassageAnalysis();
  private final Map<String, SortedMap<String, LuceneCollection>> byPrincipal = new HashMap<>();

  /**
   * Makes a base without collections.
   *
   * @param limits what one principal may keep
   * @param embedders make the vectors; the caller closes them after this
   */
  public LuceneKnowledgeBase(KnowledgeLimits limits, Embedders embedders) {
    this.limits = limits;
    this.embedders = embedders;
  }

  @Override
  public IngestSummary ingest(
      String principal, String collection, List<SourceDocument> documents, IntConsumer progress)
      throws KnowledgeException {
    try {
      return admit(principal, collection, documents).ingest(documents, progress);
    } catch (AlreadyClosedException e) { // dropped meanwhile
      throw unknown(principal, collection);
    } catch (IOException e) {
      throw new UncheckedIOException("an index in memory failed", e);
    }
  }

  @Override
  public int awaitVectors(String principal, String collection, Duration atMost)
      throws KnowledgeException, InterruptedException {
    return find(principal, collection).awaitVectors(atMost);
  }

  @Override
  public SearchResult search(String principal, String collection, SearchRequest request)
      throws KnowledgeException {
    try {
      return find(principal, collection).search(request);
    } catch (AlreadyClosedException e) { // dropped meanwhile
      throw unknown(principal, collection);
    } catch (IOException e) {
      throw new UncheckedIOException("an index in memory failed", e);
    }
  }

  @Override
  public List<SourceInfo> sources(String principal, String collection) throws KnowledgeException {
    return find(principal, collection).sources();
  }

  @Override
  public List<String> forget(String principal, String collection, List<String> ids)
      throws KnowledgeException {
    try {
      return find(principal, collection).forget(ids);
    } catch (AlreadyClosedException e) { // dropped meanwhile
      throw unknown(principal, collection);
    } catch (IOException e) {
      throw new UncheckedIOException("an index in memory failed", e);
    }
  }

  @Override
  public synchronized CollectionInfo drop(String principal, String collection)
      throws KnowledgeException {
    LuceneCollection dropped = find(principal, collection);
    collectionsOf(principal).remove(collection);
    CollectionInfo info = dropped.info();
    try {
      dropped.close();
    } catch (IOException e) {
      throw new UncheckedIOException("an index in memory failed", e);
    }
    return info;
  }

  @Override
  public synchronized List<CollectionInfo> collections(String principal) {
    return collectionsOf(principal).values().stream().map(LuceneCollection::info).toList();
  }

  /** The collection, made if need be, once it is known that the documents fit. */
  private synchronized LuceneCollection admit(
      String principal, String name, List<SourceDocument> documents)
      throws KnowledgeException, IOException {
    SortedMap<String, LuceneCollection> collections = collectionsOf(principal);
    LuceneCollection collection = collections.get(name);
    if (collection == null && collections.size() >= limits.collections()) {
      throw new KnowledgeException(
          Kind.QUOTA,
          "%d collections are the most; put the documents into one of these: %s"
              .formatted(limits.collections(), String.join(", ", collections.keySet())));
    }
    LuceneCollection target =
        collection == null ? new LuceneCollection(name, analysis, embedders, worker) : collection;
    long characters = target.growth(documents);
    for (LuceneCollection each : collections.values()) {
      characters += each.info().characters();
    }
    if (characters > limits.characters()) {
      throw new KnowledgeException(
          Kind.QUOTA,
          "with these documents the collections would hold %,d characters, %,d are the most; replace documents by shorter ones"
              .formatted(characters, limits.characters()));
    }
    byPrincipal.computeIfAbsent(principal, p -> new TreeMap<>()).putIfAbsent(name, target);
    return target;
  }

  private synchronized LuceneCollection find(String principal, String name)
      throws KnowledgeException {
    LuceneCollection collection = collectionsOf(principal).get(name);
    if (collection == null) {
      throw unknown(principal, name);
    }
    return collection;
  }

  private synchronized KnowledgeException unknown(String principal, String name) {
    SortedMap<String, LuceneCollection> collections = collectionsOf(principal);
    return new KnowledgeException(
        Kind.UNKNOWN_COLLECTION,
        collections.isEmpty()
            ? "there are no documents yet; add some with the tool ingest"
            : "there is no collection \"%s\"; there are: %s"
                .formatted(name, String.join(", ", collections.keySet())));
  }

  private SortedMap<String, LuceneCollection> collectionsOf(String principal) {
    return byPrincipal.getOrDefault(principal, new TreeMap<>());
  }

  @Override
  public synchronized void close() {
    worker.close();
    try {
      for (Map<String, LuceneCollection> collections : byPrincipal.values()) {
        for (LuceneCollection collection : collections.values()) {
          collection.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("an index in memory failed", e);
    }
    byPrincipal.clear();
  }
}
