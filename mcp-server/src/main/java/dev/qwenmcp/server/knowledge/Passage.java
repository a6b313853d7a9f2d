package dev.qwenmcp.server.knowledge;

/**
 * A piece of a document as a search found it.
 *
 * @param source the document's id
 * @param title the document's title
 * @param text the passage
 * @param start offset of its first character in the document
 * @param end offset after its last character
 * @param score BM25 score, higher is better
 */
public record Passage(String source, String title, String text, int start, int end, double score) {}
