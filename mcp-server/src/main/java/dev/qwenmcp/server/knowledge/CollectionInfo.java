package dev.qwenmcp.server.knowledge;

/**
 * A collection as a whole.
 *
 * @param name its name
 * @param documents number of documents
 * @param passages number of passages that they were cut into
 * @param characters UTF-16 units of all titles and texts
 */
public record CollectionInfo(String name, int documents, int passages, long characters) {}
