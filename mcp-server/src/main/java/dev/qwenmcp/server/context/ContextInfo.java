package dev.qwenmcp.server.context;

import java.time.Instant;

/**
 * A context without its entries.
 *
 * @param id its handle
 * @param title for people, possibly empty
 * @param created when it was opened
 * @param expires when it goes unless used again; meaningless while pinned
 * @param pinned whether it stays until it is unpinned or closed
 * @param entries number of entries, which is also its version: entries are only ever appended
 * @param bytes size of all entries
 */
public record ContextInfo(
    ContextId id,
    String title,
    Instant created,
    Instant expires,
    boolean pinned,
    int entries,
    long bytes) {}
