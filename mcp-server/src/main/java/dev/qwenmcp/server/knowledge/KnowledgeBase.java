package dev.qwenmcp.server.knowledge;

import java.util.List;
import java.util.function.IntConsumer;

/**
 * Documents that can be searched, in named collections of one principal each; safe for many
 * threads.
 *
 * <p>Nothing of one principal, not even word statistics, shows in the searches of another.
 */
public interface KnowledgeBase extends AutoCloseable {

  /**
   * Adds documents, replacing those of the collection that have the same ids; searchable when this
   * returns. The collection is made if need be.
   *
   * @param progress hears after each document how many are in; what it throws ends the call, which
   *     leaves these
   * @throws KnowledgeException if they do not fit the limits; nothing has changed
   */
  IngestSummary ingest(
      String principal, String collection, List<SourceDocument> documents, IntConsumer progress)
      throws KnowledgeException;

  /**
   * The best passages, best first. The query is plain text: none of its characters is an operator.
   *
   * @throws KnowledgeException if the principal has no such collection
   */
  List<Passage> search(String principal, String collection, String query, int limit)
      throws KnowledgeException;

  /** The principal's collections by name. */
  List<CollectionInfo> collections(String principal);

  @Override
  void close();
}
