package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;

/** Where the collections of all principals are kept; safe for many threads. */
sealed interface Shelf permits MemoryShelf, DiskShelf {

  /**
   * A principal's collections by name.
   *
   * @return for each, where it is or why it cannot be used
   */
  SortedMap<String, Found> list(String principal) throws KnowledgeException;

  /** A collection, or what is wrong with it. */
  record Found(Optional<Volume> volume, Optional<KnowledgeException> problem) {}

  /**
   * A collection of that name.
   *
   * @throws KnowledgeException if there is one that cannot be used
   */
  Optional<Volume> find(String principal, String name) throws KnowledgeException;

  /**
   * Makes a collection without documents, unless another process has made it meanwhile.
   *
   * @param serving models that make its vectors
   */
  Volume create(String principal, String name, Generation serving)
      throws IOException, KnowledgeException;

  /**
   * Removes a collection with all that is in it, whether or not it can be read.
   *
   * @return whether there was one
   */
  boolean remove(String principal, String name) throws IOException, KnowledgeException;

  /** All volumes of all principals, to find unfinished work; those that cannot be read left out. */
  Iterable<Volume> all() throws KnowledgeException;
}
