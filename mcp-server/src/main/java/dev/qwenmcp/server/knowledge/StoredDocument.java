package dev.qwenmcp.server.knowledge;

/**
 * A document as it was given, for reading.
 *
 * @param info what is known of it
 * @param text all of it, as it was given
 */
public record StoredDocument(SourceInfo info, String text) {}
