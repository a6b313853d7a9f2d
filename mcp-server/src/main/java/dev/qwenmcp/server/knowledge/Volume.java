package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.util.Optional;
import org.apache.lucene.store.Directory;

/** Where one collection is kept. */
interface Volume {
  /** The collection's name. */
  String name();

  /** Where it is, for people. */
  String place();

  /** What it is now; another process may have changed it since the last look. */
  Manifest manifest() throws KnowledgeException;

  /**
   * Whether it still is the collection of its name, and not removed, or removed and made again.
   *
   * @throws KnowledgeException if what stands in its place cannot be read
   */
  boolean current() throws KnowledgeException;

  /**
   * Changes which vectors it has; does nothing where it is no longer current.
   *
   * @param serving what searches compare
   * @param next what is being made
   */
  void generations(Generation serving, Optional<Generation> next)
      throws IOException, KnowledgeException;

  /** The index of words, opened anew; to be closed. */
  Directory words() throws IOException;

  /** The index of a generation's vectors, opened anew; to be closed. */
  Directory vectors(Generation generation) throws IOException;

  /** Removes the vectors of a generation. */
  void deleteVectors(Generation generation) throws IOException;
}
