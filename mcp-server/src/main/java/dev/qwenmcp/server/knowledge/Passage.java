package dev.qwenmcp.server.knowledge;

import java.util.List;

/**
 * A piece of a document as a search found it.
 *
 * @param source the document's id
 * @param title the document's title
 * @param text the passage; equals {@code document.substring(start, end)}
 * @param start offset of its first character in the document, in UTF-16 units
 * @param end offset after its last character
 * @param scores why it was found
 * @param alsoIn ids of other documents in which the same text was found
 * @param before the passages before it that were asked for, in the order of the document
 * @param after those after it
 */
public record Passage(
    String source,
    String title,
    String text,
    int start,
    int end,
    PassageScores scores,
    List<String> alsoIn,
    List<Excerpt> before,
    List<Excerpt> after) {

  /** A neighbouring passage; {@code text} equals {@code document.substring(start, end)}. */
  public record Excerpt(String text, int start, int end) {}
}
