package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.util.Arrays;
import java.util.Set;

/**
 * Which passages of a state of a collection have vectors. Immutable; all that grows with the
 * collection is counted once, since every search asks.
 */
final class Coverage {
  private final long wordsVersion;
  private final long vectorsVersion;
  private final VectorIndex.Done done;
  private final long[] waiting;
  private final long[] stale;
  private final int vectors;

  private Coverage(KeywordIndex.View words, VectorIndex.View near) throws IOException {
    PassageRanges passages = words.passages();
    this.wordsVersion = words.version();
    this.vectorsVersion = near.version();
    this.done = near.done();
    this.waiting = passages.without(done.all());
    this.stale = Arrays.stream(done.all()).filter(id -> !passages.contains(id)).toArray();
    this.vectors = (int) Arrays.stream(done.embedded()).filter(passages::contains).count();
  }

  /** Compares what can be found by words with what has vectors. */
  static Coverage of(KeywordIndex.View words, VectorIndex.View near) throws IOException {
    return new Coverage(words, near);
  }

  boolean isOf(KeywordIndex.View words, VectorIndex.View near) {
    return words.version() == wordsVersion && near.version() == vectorsVersion;
  }

  /** Passages that are still to be embedded, rising. */
  long[] missing(Set<Long> failed) {
    return failed.isEmpty()
        ? waiting.clone()
        : Arrays.stream(waiting).filter(id -> !failed.contains(id)).toArray();
  }

  /** How many passages are still to be embedded. */
  int pending(Set<Long> failed) {
    return failed.isEmpty() ? waiting.length : missing(failed).length;
  }

  /** Passages with vectors that are no longer there. */
  long[] stale() {
    return stale.clone();
  }

  /** How many passages have a vector. */
  int vectors() {
    return vectors;
  }

  /** How many passages of a document have a vector. */
  int vectors(Head head) {
    return rank(head.first() + head.passages()) - rank(head.first());
  }

  private int rank(long id) {
    int at = Arrays.binarySearch(done.embedded(), id);
    return at >= 0 ? at : -at - 1;
  }
}
