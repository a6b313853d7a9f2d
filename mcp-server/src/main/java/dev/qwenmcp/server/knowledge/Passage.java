package dev.qwenmcp.server.knowledge;

import java.util.List;
import java.util.Map;

/**
 * A piece of a document as a search found it.
 *
 * @param source the document's id
 * @param title the document's title
 * @param heading what it stands under in the document, possibly empty
 * @param text the passage, with the neighbours that were asked for; equals {@code
 *     document.substring(start, end)}
 * @param start offset of its first character in the document, in UTF-16 units
 * @param end offset after its last character
 * @param match what was found in it, without neighbours
 * @param scores why it was found
 * @param metadata what is known of it and its document
 * @param alsoIn ids of other documents in which the same text was found, or nearly the same
 * @param contentHash of the document that it was found in; another once that is replaced
 */
public record Passage(
    String source,
    String title,
    String heading,
    String text,
    int start,
    int end,
    Match match,
    PassageScores scores,
    Map<String, String> metadata,
    List<String> alsoIn,
    String contentHash) {

  /** Offsets in the document, in UTF-16 units. */
  public record Match(int start, int end) {}
}
