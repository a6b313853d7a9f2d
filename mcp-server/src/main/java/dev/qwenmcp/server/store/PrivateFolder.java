package dev.qwenmcp.server.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A folder that nobody but its user may look into: handles in it give access to contexts. */
public final class PrivateFolder {
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");

  private PrivateFolder() {}

  /**
   * Makes it unless it exists; one that exists keeps its permissions, which its user may have
   * chosen.
   */
  public static void make(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER));
      Files.setPosixFilePermissions(folder, OWNER);
    } else {
      Files.createDirectories(folder);
    }
  }
}
