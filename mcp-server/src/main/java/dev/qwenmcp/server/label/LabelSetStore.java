package dev.qwenmcp.server.label;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps label sets by principal and name. What a method has returned from is kept; one that throws
 * has changed nothing. Safe for many threads.
 */
public interface LabelSetStore extends AutoCloseable {

  /**
   * What a change did.
   *
   * @param added new labels and examples
   * @param info the set afterwards
   */
  record Change(int added, LabelSetInfo info) {}

  /**
   * Adds labels to a set, making it if need be, and describes those that it has anew.
   *
   * @param labels descriptions by label, in order
   * @param replace whether the set loses what it had
   */
  Change define(String principal, String name, Map<String, String> labels, boolean replace)
      throws LabelSetException;

  /** Adds examples, all or none; those that the set has are left out, new labels are made. */
  Change add(String principal, String name, List<LabelExample> examples) throws LabelSetException;

  /** A set. */
  LabelSetInfo info(String principal, String name) throws LabelSetException;

  /** All sets of a principal by name. */
  List<LabelSetInfo> list(String principal) throws LabelSetException;

  /**
   * Examples of a set in their order.
   *
   * @param after id after which they begin, 0 for the first
   * @param label only of this one, empty for all
   */
  List<StoredExample> examples(long set, String label, long after, int limit)
      throws LabelSetException;

  /** Removes a set with all that belongs to it; false if there is none. */
  boolean delete(String principal, String name) throws LabelSetException;

  /** Embeddings of a set's examples by their ids, as far as they are known. */
  Map<Long, float[]> vectors(long set, String embedder) throws LabelSetException;

  /** Keeps embeddings of examples. */
  void saveVectors(long set, String embedder, Map<Long, float[]> vectors) throws LabelSetException;

  /** The classifier of a revision. */
  Optional<byte[]> classifier(long set, String embedder, long revision) throws LabelSetException;

  /** Keeps a revision's classifier in the place of earlier ones. */
  void saveClassifier(long set, String embedder, long revision, byte[] classifier)
      throws LabelSetException;

  @Override
  void close();
}
