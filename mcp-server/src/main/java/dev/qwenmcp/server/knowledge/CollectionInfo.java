package dev.qwenmcp.server.knowledge;

/**
 * A collection as a whole.
 *
 * @param name its name
 * @param documents number of documents
 * @param passages number of passages that they were cut into
 * @param characters UTF-16 units of all titles and texts
 * @param problem why it cannot be used, with what to do; empty if it can
 */
public record CollectionInfo(
    String name, int documents, int passages, long characters, String problem) {
  public CollectionInfo(String name, int documents, int passages, long characters) {
    this(name, documents, passages, characters, "");
  }
}
