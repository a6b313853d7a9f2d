package dev.qwenmcp.server.context.sql;

import dev.qwenmcp.server.store.PrivateFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Texts too large to pass through a database's log twice, each in a file of its own.
 *
 * <p>A file is on disk before the row that names it is committed, and is deleted after that row. So
 * a process that dies leaves files without a row, which {@link TextUpkeep} deletes, but never a row
 * without its file. Files never change.
 */
final class TextFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TextFiles.class);

  /**
   * From here on a file costs less than the log: making and syncing one takes about 1.1 ms and 0.4
   * ms a MiB, the log 2.5 ms a MiB, besides copying it later.
   */
  static final int LEAST_BYTES = 512 << 10;

  /**
   * Written at once: the JDK copies arrays to memory outside the heap, which stays with threads.
   */
  private static final int CHUNK = 256 << 10;

  private static final Pattern NAME = Pattern.compile("[0-9a-f-]{36}");

  private final Path folder;
  private final FileChannel directory;

  /** Opens the folder, making it if need be. */
  TextFiles(Path folder) throws IOException {
    this.folder = folder;
    PrivateFolder.make(folder);
    this.directory = openDirectory(folder);
  }

  /** Null where directories cannot be synced, as on Windows, which logs their changes itself. */
  private static FileChannel openDirectory(Path folder) {
    try {
      return FileChannel.open(folder, StandardOpenOption.READ);
    } catch (IOException e) {
      LOG.debug("{} cannot be synced", folder, e);
      return null;
    }
  }

  /**
   * Writes a text; on return it is on disk.
   *
   * @return the file's name
   * @throws IOException if that is impossible; nothing of it is left then
   */
  String write(byte[] text) throws IOException {
    String name = UUID.randomUUID().toString();
    try (FileChannel file =
        FileChannel.open(
            folder.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int from = 0; from < text.length; from += CHUNK) {
        ByteBuffer chunk = ByteBuffer.wrap(text, from, Math.min(CHUNK, text.length - from));
        while (chunk.hasRemaining()) {
          file.write(chunk);
        }
      }
      file.force(false);
      if (directory != null) {
        directory.force(true);
      }
      return name;
    } catch (IOException | RuntimeException e) {
      delete(name);
      throw e;
    }
  }

  /**
   * Reads a text.
   *
   * @param most bytes that it may have
   * @throws IOException if it is not there, or longer
   */
  byte[] read(String name, long most) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream in = Files.newInputStream(file)) {
      if (Files.size(file) > most) {
        throw new IOException(
            "%s has %d bytes, %d at most were expected".formatted(file, Files.size(file), most));
      }
      return in.readAllBytes();
    }
  }

  boolean exists(String name) {
    return Files.exists(folder.resolve(name));
  }

  /** Deletes a file if it is there; if that fails, the next sweep will try again. */
  void delete(String name) {
    try {
      Files.deleteIfExists(folder.resolve(name));
    } catch (IOException e) {
      LOG.debug("{} stays for now", name, e);
    }
  }

  /** The names of files that were written before a time. */
  List<String> namesBefore(Instant time) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toFile().lastModified() < time.toEpochMilli())
          .map(file -> file.getFileName().toString())
          .filter(name -> NAME.matcher(name).matches())
          .toList();
    }
  }

  @Override
  public void close() throws IOException {
    if (directory != null) {
      directory.close();
    }
  }
}
