package dev.qwenmcp.server.knowledge;

/**
 * A passage before it is indexed.
 *
 * @param id its number in the collection; those of a document follow each other, and none is used
 *     again
 * @param text the passage
 * @param start offset of its first character in the document, in UTF-16 units
 */
record Piece(long id, String text, int start) {}
