package dev.qwenmcp.engine.kv.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Keeps the segments of all models and processes below a number of bytes, and some of the disk
 * free, by deleting those whose last use is longest ago.
 *
 * <p>A lock file makes sure that one process deletes at a time. Several processes that write at
 * once may exceed the budget by a segment each, for as long as it takes to write it.
 */
final class DiskBudget {
  private static final System.Logger LOG = System.getLogger(DiskBudget.class.getName());
  private static final String LOCK = "lock";

  /** A file is the unit of eviction: small enough to lose little, large enough to be few. */
  private static final long LARGEST_SEGMENT = 256L << 20;

  private static final int SEGMENTS = 16;

  private final Path root;
  private final DiskTier.Settings settings;
  private long untilCheck; // bytes that may be written before the folder is looked at again

  DiskBudget(Path root, DiskTier.Settings settings) {
    this.root = root;
    this.settings = settings;
  }

  Instant now() {
    return settings.clock().instant();
  }

  /** Whether so many bytes fit at all. */
  boolean allows(long bytes) {
    return bytes <= settings.budgetBytes();
  }

  /** Bytes at which a segment is full. */
  long segmentBytes(long stride) {
    long share = Math.min(LARGEST_SEGMENT, settings.budgetBytes() / SEGMENTS);
    return Math.max(share, SegmentHeader.BYTES + stride);
  }

  /**
   * Makes sure that so many bytes can be written.
   *
   * @param own the file they go to, which stays; null for none yet
   * @throws IOException if the disk is too full
   */
  synchronized void makeRoom(long bytes, Path own) throws IOException {
    long free = settings.space().usable(root);
    long reserve = settings.space().reserve(root);
    if (untilCheck >= bytes && free - bytes >= reserve) {
      untilCheck -= bytes;
      return;
    }
    Access.createFolders(root);
    long step = segmentBytes(bytes);
    evict(reserve + bytes - free, step, own);
    free = settings.space().usable(root);
    if (free - bytes < reserve) {
      untilCheck = 0;
      throw new IOException(
          "the disk of " + root + " has only " + (free >> 20) + " MiB left for all programs");
    }
    untilCheck = step - bytes;
  }

  private record Candidate(Path path, long bytes, long used) {}

  /**
   * Deletes segments until {@code step} more bytes are within the budget and at least {@code least}
   * bytes are freed.
   */
  private void evict(long least, long step, Path own) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                root.resolve(LOCK),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                Access.fileAttributes(root));
        FileLock lock = tryLock(channel)) {
      if (lock == null) {
        return; // another is at it
      }
      List<Candidate> all = candidates();
      long total = all.stream().mapToLong(Candidate::bytes).sum();
      long over = Math.max(total + step - settings.budgetBytes(), least);
      all.sort(Comparator.comparingLong(Candidate::used));
      for (Candidate candidate : all) {
        if (over <= 0) {
          break;
        }
        if (!candidate.path().equals(own)) {
          over -= delete(candidate);
        }
      }
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null; // another engine of this process
    }
  }

  private long delete(Candidate candidate) {
    try {
      Files.deleteIfExists(candidate.path());
      LOG.log(System.Logger.Level.DEBUG, "Made room by deleting {0}", candidate.path());
      return candidate.bytes();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "Cannot delete {0}: {1}", candidate.path(), e);
      return 0;
    }
  }

  private List<Candidate> candidates() throws IOException {
    List<Candidate> all = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(root, Files::isDirectory)) {
      for (Path folder : folders) {
        try (DirectoryStream<Path> files =
            Files.newDirectoryStream(folder, "*" + SegmentWriter.SUFFIX)) {
          for (Path file : files) {
            add(all, file);
          }
        }
      }
    }
    return all;
  }

  private static void add(List<Candidate> all, Path file) throws IOException {
    try {
      BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
      if (facts.isRegularFile()) {
        all.add(new Candidate(file, facts.size(), facts.lastModifiedTime().toMillis()));
      }
    } catch (NoSuchFileException _) {
      // Another process was faster.
    }
  }
}
