package dev.qwenmcp.engine.kv.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How full the disk is. */
interface DiskSpace {
  /** The most that is left to other programs, if it is less than a twentieth of the disk. */
  long LARGEST_RESERVE = 1L << 30;

  /** The file system's own figures. */
  DiskSpace SYSTEM =
      new DiskSpace() {
        @Override
        public long usable(Path path) throws IOException {
          return Files.getFileStore(existing(path)).getUsableSpace();
        }

        @Override
        public long reserve(Path path) throws IOException {
          return Math.min(LARGEST_RESERVE, Files.getFileStore(existing(path)).getTotalSpace() / 20);
        }
      };

  /** Bytes that can be written. */
  long usable(Path path) throws IOException;

  /** Bytes of these that are left to other programs. */
  long reserve(Path path) throws IOException;

  /** The path or the first above it that exists. */
  private static Path existing(Path path) {
    Path found = path.toAbsolutePath();
    while (!Files.exists(found) && found.getParent() != null) {
      found = found.getParent();
    }
    return found;
  }
}
