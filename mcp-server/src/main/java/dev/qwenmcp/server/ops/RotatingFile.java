package dev.qwenmcp.server.ops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines appended to a file, which is put aside when it grows too large; safe for many threads.
 *
 * <p>{@code FILE} goes to {@code FILE.1}, that to {@code FILE.2} and so on; the last is removed. A
 * disk that takes nothing more costs lines, not calls: that is said once in the log, and again with
 * their number when lines are written again.
 */
final class RotatingFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RotatingFile.class);
  private static final Set<StandardOpenOption> APPEND =
      EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);

  private final Path file;
  private final long maxBytes;
  private final int keptFiles;

  private FileChannel channel;
  private long size;
  private long lost;

  /**
   * @param maxBytes after which a file is put aside
   * @param keptFiles that were put aside
   * @throws IOException if the file cannot be opened or written to
   */
  RotatingFile(Path file, long maxBytes, int keptFiles) throws IOException {
    if (maxBytes < 1 || keptFiles < 0) {
      throw new IllegalArgumentException("a file holds at least 1 byte, and none or more are kept");
    }
    this.file = file;
    this.maxBytes = maxBytes;
    this.keptFiles = keptFiles;
    open();
  }

  private void open() throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    FileAttribute<?>[] owner =
        Files.getFileStore(folder).supportsFileAttributeView("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    channel = FileChannel.open(file, APPEND, owner);
    size = Files.isRegularFile(file) ? channel.size() : 0;
    if (size > 0) {
      channel.position(size);
    }
  }

  /**
   * Appends a line, or loses it where the disk takes none.
   *
   * @param text without line breaks
   */
  synchronized void line(String text) {
    ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      if (channel == null || !channel.isOpen()) {
        open();
      }
      if (size > 0 && size + bytes.remaining() > maxBytes) {
        rotate();
      }
      write(bytes);
      if (lost > 0) {
        LOG.warn("The audit log {} is written again; {} entries were lost", file, lost);
        lost = 0;
      }
    } catch (IOException e) {
      if (lost++ == 0) {
        LOG.error(
            "The audit log {} cannot be written: {}. Calls go on unrecorded until it can; make room"
                + " or give --audit-log another place",
            file,
            e.getMessage());
      }
    }
  }

  /** All of it or nothing, so that no line is half there. */
  private void write(ByteBuffer bytes) throws IOException {
    try {
      long begin = size;
      while (bytes.hasRemaining()) {
        begin += channel.write(bytes);
      }
      size = begin;
    } catch (IOException e) {
      try {
        channel.truncate(size);
      } catch (IOException _) {
        // A device that cannot be cut; what matters is the first failure.
      }
      throw e;
    }
  }

  private void rotate() throws IOException {
    channel.close();
    for (int i = keptFiles; i > 0; i--) {
      Path from = i == 1 ? file : numbered(i - 1);
      if (Files.exists(from)) {
        Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (keptFiles == 0) {
      Files.delete(file);
    }
    open();
  }

  private Path numbered(int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  @Override
  public synchronized void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
