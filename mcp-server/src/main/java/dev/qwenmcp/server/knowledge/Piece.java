package dev.qwenmcp.server.knowledge;

import java.util.HashMap;
import java.util.Map;

/**
 * A passage as it is stored.
 *
 * @param id its number in the collection; those of a document follow each other, and none is used
 *     again
 * @param text the passage
 * @param chunk where it stands and what is known of it
 */
record Piece(long id, String text, Chunk chunk) {

  /** What is known of it and of its document. */
  Map<String, String> metadata(Map<String, String> ofDocument) {
    Map<String, String> all = new HashMap<>(ofDocument);
    all.putAll(chunk.metadata());
    return all;
  }
}
