package dev.qwenmcp.server.knowledge;

import java.util.Map;

/**
 * A document of a collection.
 *
 * @param id its name within its collection
 * @param title possibly empty
 * @param passages passages that it was cut into
 * @param vectors how many of them can be found by their vectors
 * @param characters UTF-16 units of title and text
 * @param contentHash of title, text, metadata and chunks; another for another content
 * @param metadata what it was given with
 */
public record SourceInfo(
    String id,
    String title,
    int passages,
    int vectors,
    long characters,
    String contentHash,
    Map<String, String> metadata) {}
