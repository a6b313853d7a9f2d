package dev.qwenmcp.server.transport.http.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Files that nobody but their owner reads or writes. */
final class OwnerOnly {
  private static final Set<PosixFilePermission> READ_AND_WRITE =
      PosixFilePermissions.fromString("rw-------");

  private OwnerOnly() {}

  /** A new empty file in a folder, the owner's alone from its first moment where that can be. */
  static Path create(Path folder, String prefix, String suffix) throws IOException {
    if (posix(folder)) {
      FileAttribute<?> permissions = PosixFilePermissions.asFileAttribute(READ_AND_WRITE);
      return Files.createTempFile(folder, prefix, suffix, permissions);
    }
    Path file = Files.createTempFile(folder, prefix, suffix);
    AclFileAttributeView view = Files.getFileAttributeView(file, AclFileAttributeView.class);
    if (view != null) {
      view.setAcl(
          List.of(
              AclEntry.newBuilder()
                  .setType(AclEntryType.ALLOW)
                  .setPrincipal(Files.getOwner(file))
                  .setPermissions(EnumSet.allOf(AclEntryPermission.class))
                  .build()));
    }
    return file;
  }

  /** Whether others than the owner may read or write a file, as far as its system tells. */
  static boolean open(Path file) throws IOException {
    return posix(file) && !READ_AND_WRITE.containsAll(Files.getPosixFilePermissions(file));
  }

  private static boolean posix(Path file) throws IOException {
    return Files.getFileStore(file).supportsFileAttributeView("posix");
  }
}
