package dev.qwenmcp.server.knowledge;

/**
 * What an ingest did.
 *
 * @param added documents that were new
 * @param replaced documents whose id was there before
 * @param passages passages of the given documents
 * @param collection the collection afterwards
 */
public record IngestSummary(int added, int replaced, int passages, CollectionInfo collection) {}
