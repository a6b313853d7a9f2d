package dev.qwenmcp.server.knowledge;

import java.util.Map;

/**
 * A passage to be: a piece of a document's text.
 *
 * @param start offset of its first character in the text, in UTF-16 units
 * @param end offset after its last character
 * @param heading what it stands under, such as {@code Guide > Install}; searched and embedded with
 *     it; possibly empty
 * @param metadata what is known of this piece beside what is known of its document; wins where both
 *     have the same name
 */
public record Chunk(int start, int end, String heading, Map<String, String> metadata) {
  public Chunk {
    metadata = Map.copyOf(metadata);
  }

  public Chunk(int start, int end) {
    this(start, end, "", Map.of());
  }
}
