package dev.qwenmcp.server.document.folder;

/** Hears how far an ingest is; what it throws ends it, with what is done kept. */
@FunctionalInterface
public interface SyncProgress {
  /** Nobody listens. */
  SyncProgress NONE = (done, all, passages) -> {};

  /**
   * @param done files that were looked at and are in the collection where they are documents
   * @param all files
   * @param passages passages that were added so far
   */
  void told(int done, int all, int passages);
}
