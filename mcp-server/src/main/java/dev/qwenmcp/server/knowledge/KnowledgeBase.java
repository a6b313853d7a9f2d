package dev.qwenmcp.server.knowledge;

import java.util.List;

/** Documents that can be searched, in named collections of one principal each. */
public interface KnowledgeBase extends AutoCloseable {

  /**
   * Adds a document or replaces the one with the same id; searchable when this returns.
   *
   * @return number of passages
   */
  int ingest(String principal, String collection, String id, String title, String text);

  /** The best passages, best first. */
  List<Passage> search(String principal, String collection, String query, int limit);

  @Override
  void close();
}
