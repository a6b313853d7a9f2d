package dev.qwenmcp.server.knowledge;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Documents that can be searched, in named collections of one principal each; safe for many
 * threads. Every method may throw a {@link KnowledgeException} that says of a disk what is wrong
 * with it, beside those that are named.
 *
 * <p>Nothing of one principal, not even word statistics, shows in the searches of another.
 */
public interface KnowledgeBase extends AutoCloseable {

  /**
   * Adds documents, replacing those of the collection that have the same ids; one that is there
   * just so is left. When this returns they are stored for good and can be found by their words, by
   * their vectors once {@link #awaitVectors} says so. The collection is made if need be.
   *
   * @param progress hears after each document how many are in; what it throws ends the call, which
   *     leaves these
   * @throws KnowledgeException if they do not fit the limits or cannot be stored; nothing has
   *     changed
   */
  IngestSummary ingest(
      String principal, String collection, List<SourceDocument> documents, IntConsumer progress)
      throws KnowledgeException;

  /**
   * Waits until all passages that can have a vector do.
   *
   * @param atMost how long to wait at the longest, zero to ask only
   * @return passages that still have none and will get one
   * @throws KnowledgeException if the principal has no such collection
   * @throws InterruptedException if the thread is interrupted
   */
  int awaitVectors(String principal, String collection, Duration atMost)
      throws KnowledgeException, InterruptedException;

  /**
   * The best passages. Where vectors cannot be compared, words are, and the result's notes say why.
   *
   * @throws KnowledgeException if the principal has no such collection
   */
  SearchResult search(String principal, String collection, SearchRequest request)
      throws KnowledgeException;

  /**
   * The principal's collections by name, also those that cannot be used, with the reason.
   *
   * @throws KnowledgeException if their place cannot be read
   */
  List<CollectionInfo> collections(String principal) throws KnowledgeException;

  /**
   * The documents of a collection by id.
   *
   * @throws KnowledgeException if the principal has no such collection
   */
  List<SourceInfo> sources(String principal, String collection) throws KnowledgeException;

  /**
   * A document as it was given.
   *
   * @return empty if the collection has none of that id
   * @throws KnowledgeException if the principal has no such collection
   */
  Optional<StoredDocument> document(String principal, String collection, String id)
      throws KnowledgeException;

  /**
   * Removes documents for good.
   *
   * @return the ids that were there; searches find none of them any more
   * @throws KnowledgeException if the principal has no such collection
   */
  List<String> forget(String principal, String collection, List<String> ids)
      throws KnowledgeException;

  /**
   * Removes a collection with all its documents for good.
   *
   * @return what it was
   * @throws KnowledgeException if the principal has no such collection
   */
  CollectionInfo drop(String principal, String collection) throws KnowledgeException;

  @Override
  void close();
}
