package dev.qwenmcp.engine.kernel.ffm;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * A folder of the user's alone with one copy of each version of a library, named by the length and
 * the CRC-32 of its content, so that starting again writes nothing and processes of different
 * versions do not meet. Where the folder cannot be used, a temporary file serves, deleted once
 * loaded.
 *
 * <p>A checksum is enough for a name, since a copy is compared with the content before it is used;
 * a digest takes a starting JVM, which interprets it, 50 ms a MiB.
 */
public final class LibraryCache {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  /** How long a version is kept after its last start. */
  static final Duration KEPT = Duration.ofDays(30);

  private final Path folder;

  /**
   * @param folder created when needed; its parent may be missing too
   */
  LibraryCache(Path folder) {
    this.folder = folder;
  }

  /** {@code $XDG_CACHE_HOME/qwen-mcp/native}, by default below {@code ~/.cache}. */
  public static LibraryCache ofUser() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path caches =
        xdg != null && Path.of(xdg).isAbsolute()
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home"), ".cache");
    return new LibraryCache(caches.resolve("qwen-mcp").resolve("native"));
  }

  /**
   * A file to load from, to be closed once loaded.
   *
   * @param temporary whether closing deletes the file and its folder
   */
  public record Copy(Path file, boolean temporary) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      if (temporary) {
        Files.delete(file);
        Files.delete(file.getParent());
      }
    }
  }

  /**
   * The cached copy of this content, written if need be.
   *
   * @throws IOException if not even a temporary file can be written
   */
  public Copy copy(String fileName, byte[] content) throws IOException {
    try {
      return new Copy(cached(fileName, content), false);
    } catch (IOException | SecurityException e) {
      Path temporary = Files.createTempDirectory("qwen-mcp").resolve(fileName); // mode 0700
      Files.write(temporary, content);
      return new Copy(temporary, true);
    }
  }

  private Path cached(String fileName, byte[] content) throws IOException {
    Path version = folder.resolve(name(content));
    Files.createDirectories(version, ownerOnly());
    requireOwnerOnly(folder);
    requireOwnerOnly(version);
    Files.setLastModifiedTime(version, FileTime.from(Instant.now()));
    deleteUnused();
    Path file = version.resolve(fileName);
    if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content)) {
      return file;
    }
    // Written aside and moved: a process that starts at this moment sees all of it or nothing.
    Path aside = Files.createTempFile(version, fileName, ".part");
    try {
      Files.write(aside, content);
      try {
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        throw new IOException(version + " cannot replace files atomically", e);
      }
    } finally {
      Files.deleteIfExists(aside);
    }
    return file;
  }

  /** Deletes versions that no process started with for {@link #KEPT}. */
  private void deleteUnused() throws IOException {
    Instant oldest = Instant.now().minus(KEPT);
    try (DirectoryStream<Path> versions = Files.newDirectoryStream(folder)) {
      for (Path version : versions) {
        if (Files.getLastModifiedTime(version).toInstant().isBefore(oldest)) {
          try (DirectoryStream<Path> files = Files.newDirectoryStream(version)) {
            for (Path file : files) {
              Files.deleteIfExists(file);
            }
          }
          Files.deleteIfExists(version);
        }
      }
    }
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] ownerOnly() {
    return isPosix()
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  /** What others may write, nobody should execute. */
  private static void requireOwnerOnly(Path path) throws IOException {
    if (!isPosix()) {
      return;
    }
    Set<PosixFilePermission> permissions =
        Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
    boolean ofUser = Files.getOwner(path).equals(Files.getOwner(userHome()));
    if (!ofUser
        || permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException(path + " belongs to someone else or may be written by others");
    }
  }

  private static Path userHome() {
    return Path.of(System.getProperty("user.home"));
  }

  private static String name(byte[] content) {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    return "%d-%08x".formatted(content.length, checksum.getValue());
  }
}
