package dev.qwenmcp.server.document;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A document as it was read.
 *
 * @param title what it calls itself, possibly empty
 * @param text what offsets count in, in UTF-16 units; of text and Markdown files it is the file's
 *     text itself
 * @param blocks its structure, in the order of the text and not overlapping; text outside of them,
 *     such as front matter, is not searched
 * @param metadata what it says about itself, such as its author
 * @param mediaType such as {@code text/markdown}
 */
public record Document(
    String title, String text, List<Block> blocks, Map<String, String> metadata, String mediaType) {
  public Document {
    blocks = List.copyOf(blocks);
    metadata = Map.copyOf(metadata);
    int last = 0;
    for (Block block : blocks) {
      if (block.start() < last || block.end() > text.length()) {
        throw new IllegalArgumentException(
            "the block from %d to %d overlaps the one before it or the end of the text, %d"
                .formatted(block.start(), block.end(), text.length()));
      }
      last = block.end();
    }
  }

  /** The same document with more metadata, which wins where both have the same name. */
  public Document with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(metadata);
    all.putAll(more);
    return new Document(title, text, blocks, all, mediaType);
  }
}
