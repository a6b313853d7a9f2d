package dev.qwenmcp.server.knowledge;

import dev.qwenmcp.server.knowledge.KnowledgeException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/** Keeps all collections in memory; they end with the process. */
public final class LuceneKnowledgeBase implements KnowledgeBase {
  private final KnowledgeLimits limits;
  private final PassageAnalysis analysis = new PassageAnalysis();
  private final Map<String, SortedMap<String, LuceneCollection>> byPrincipal = new HashMap<>();

  public LuceneKnowledgeBase(KnowledgeLimits limits) {
    this.limits = limits;
  }

  @Override
  public IngestSummary ingest(
      String principal, String collection, List<SourceDocument> documents, IntConsumer progress)
      throws KnowledgeException {
    try {
      return admit(principal, collection, documents).ingest(documents, progress);
    } catch (IOException e) {
      throw new UncheckedIOException("an index in memory failed", e);
    }
  }

  @Override
  public List<Passage> search(String principal, String collection, String query, int limit)
      throws KnowledgeException {
    try {
      return find(principal, collection).search(query, limit);
    } catch (IOException e) {
      throw new UncheckedIOException("an index in memory failed", e);
    }
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
        collection == null ? new LuceneCollection(name, analysis) : collection;
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
    SortedMap<String, LuceneCollection> collections = collectionsOf(principal);
    LuceneCollection collection = collections.get(name);
    if (collection == null) {
      throw new KnowledgeException(
          Kind.UNKNOWN_COLLECTION,
          collections.isEmpty()
              ? "there are no documents yet; add some with the tool ingest"
              : "there is no collection \"%s\"; there are: %s"
                  .formatted(name, String.join(", ", collections.keySet())));
    }
    return collection;
  }

  private SortedMap<String, LuceneCollection> collectionsOf(String principal) {
    return byPrincipal.getOrDefault(principal, new TreeMap<>());
  }

  @Override
  public synchronized void close() {
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
