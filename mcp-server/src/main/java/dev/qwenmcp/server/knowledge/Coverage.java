package dev.qwenmcp.server.knowledge;

import java.io.IOException;
import java.util.Arrays;
import java.util.Set;

/**
 * Which passages of a state of a collection have vectors. Immutable.
 *
 * @param wordsVersion state of the words that was looked at
 * @param vectorsVersion state of the vectors
 * @param passages all passages that can be found by their words
 * @param done those that went through the models, and perhaps some that are gone
 */
record Coverage(
    long wordsVersion, long vectorsVersion, PassageRanges passages, VectorIndex.Done done) {

  static Coverage of(KeywordIndex.View words, VectorIndex.View vectors) throws IOException {
    return new Coverage(words.version(), vectors.version(), words.passages(), vectors.done());
  }

  boolean isOf(KeywordIndex.View words, VectorIndex.View vectors) {
    return words.version() == wordsVersion && vectors.version() == vectorsVersion;
  }

  /** Passages that are still to be embedded. */
  long[] missing(Set<Long> failed, int most) {
    return passages.without(done.all(), failed, most);
  }

  /** Passages with vectors that are no longer there. */
  long[] stale() {
    return Arrays.stream(done.all()).filter(id -> !passages.contains(id)).toArray();
  }

  /** How many passages have a vector. */
  int vectors() {
    return (int) Arrays.stream(done.embedded()).filter(passages::contains).count();
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
