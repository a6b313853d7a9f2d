package dev.qwenmcp.server.knowledge;

/**
 * What an ingest did.
 *
 * @param added documents that were new
 * @param replaced documents whose id was there before, with another content
 * @param unchanged documents that were there just so, and were left
 * @param passages passages of the given documents
 * @param collection the collection afterwards
 */
public record IngestSummary(
    int added, int replaced, int unchanged, int passages, CollectionInfo collection) {}
