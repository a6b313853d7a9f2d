package dev.qwenmcp.server.context;

import java.time.Instant;

/**
 * A context without its entries.
 *
 * @param id its handle
 * @param title for people, possibly empty
 * @param created when it was opened
 * @param expires when it goes unless used again
 * @param entries number of entries
 * @param bytes size of all texts in UTF-8
 */
public record ContextInfo(
    ContextId id, String title, Instant created, Instant expires, int entries, long bytes) {}
