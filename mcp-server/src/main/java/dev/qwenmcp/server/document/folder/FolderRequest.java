package dev.qwenmcp.server.document.folder;

import java.nio.file.Path;
import java.util.Map;

/**
 * A file or folder whose documents a collection is to hold.
 *
 * @param principal whose collection
 * @param collection its name
 * @param path without symbolic links, and allowed
 * @param within where symbolic links in a folder may lead
 * @param selection which files of a folder
 * @param metadata what all of its documents get
 */
public record FolderRequest(
    String principal,
    String collection,
    Path path,
    AllowedRoots within,
    FileSelection selection,
    Map<String, String> metadata) {
  public FolderRequest {
    metadata = Map.copyOf(metadata);
  }
}
