package dev.qwenmcp.server.knowledge;

import java.util.Map;
import org.apache.lucene.index.CorruptIndexException;

/**
 * What a commit holds in all; written with it, so that nothing need be counted.
 *
 * @param nextId number of the next passage
 * @param documents documents
 * @param passages their passages
 * @param characters UTF-16 units of their titles and texts
 */
record Totals(long nextId, int documents, int passages, long characters) {
  static final Totals NONE = new Totals(0, 0, 0, 0);

  Totals plus(Head head) {
    return new Totals(
        nextId, documents + 1, passages + head.passages(), characters + head.characters());
  }

  Totals minus(Head head) {
    return new Totals(
        nextId, documents - 1, passages - head.passages(), characters - head.characters());
  }

  Totals withNextId(long next) {
    return new Totals(next, documents, passages, characters);
  }

  Map<String, String> toCommit() {
    return Map.of(
        "next_id", Long.toString(nextId),
        "documents", Integer.toString(documents),
        "passages", Integer.toString(passages),
        "characters", Long.toString(characters));
  }

  /**
   * @throws CorruptIndexException if the commit was not written by this class
   */
  static Totals ofCommit(Map<String, String> data, String place) throws CorruptIndexException {
    try {
      return new Totals(
          Long.parseLong(data.getOrDefault("next_id", "")),
          Integer.parseInt(data.getOrDefault("documents", "")),
          Integer.parseInt(data.getOrDefault("passages", "")),
          Long.parseLong(data.getOrDefault("characters", "")));
    } catch (NumberFormatException e) {
      throw new CorruptIndexException("the commit says not how much it holds", place, e);
    }
  }
}
