package dev.qwenmcp.server.knowledge;

/**
 * A document as it is given.
 *
 * @param id its name within its collection
 * @param title possibly empty
 * @param text what is searched, together with the title
 */
public record SourceDocument(String id, String title, String text) {}
