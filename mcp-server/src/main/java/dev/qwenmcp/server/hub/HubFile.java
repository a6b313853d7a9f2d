package dev.qwenmcp.server.hub;

/**
 * A file of a repository.
 *
 * @param path in the repository
 * @param bytes its size
 * @param sha256 its checksum, 64 hexadecimal digits in lower case; empty if the hub states none
 */
public record HubFile(String path, long bytes, String sha256) {
  /** Its name without folders. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
