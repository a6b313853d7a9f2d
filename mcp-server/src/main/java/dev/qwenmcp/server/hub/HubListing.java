package dev.qwenmcp.server.hub;

import java.util.List;

/**
 * What a hub says of a repository.
 *
 * @param revision that the files are of
 * @param licence empty if none is stated
 * @param files all of them
 */
public record HubListing(String revision, String licence, List<HubFile> files) {
  public HubListing {
    files = List.copyOf(files);
  }
}
