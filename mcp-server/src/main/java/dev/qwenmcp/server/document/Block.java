package dev.qwenmcp.server.document;

import dev.qwenmcp.server.text.Span;

/**
 * A part of a document's text that is one thing.
 *
 * @param kind what it is
 * @param start offset of its first UTF-16 unit in the document's text
 * @param end offset after its last
 * @param level of a heading, from 1; 0 for all else
 * @param page the page or slide it stands on, from 1; 0 where the document has none
 */
public record Block(Kind kind, int start, int end, int level, int page) {
  /** The kinds of blocks. */
  public enum Kind {
    HEADING,
    /** Prose or lists: cut between paragraphs, items and sentences. */
    PARAGRAPH,
    /** One line a row; cut between rows, and only where it does not fit a passage. */
    TABLE,
    /** Cut between lines, and only where it does not fit a passage. */
    CODE
  }

  public Block {
    if (start < 0 || end <= start || level < 0 || page < 0) {
      throw new IllegalArgumentException(
          "no block: %s from %d to %d, level %d, page %d".formatted(kind, start, end, level, page));
    }
  }

  Span span() {
    return new Span(start, end);
  }
}
