package dev.qwenmcp.server.knowledge;

/**
 * A piece of a document as a search found it.
 *
 * @param source the document's id
 * @param title the document's title
 * @param text the passage; equals {@code document.substring(start, end)}
 * @param start offset of its first character in the document, in UTF-16 units
 * @param end offset after its last character
 * @param score BM25 score, higher is better; comparable within one search only
 */
public record Passage(String source, String title, String text, int start, int end, double score) {}
