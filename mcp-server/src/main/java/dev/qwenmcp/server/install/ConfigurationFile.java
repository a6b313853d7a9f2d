package dev.qwenmcp.server.install;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** A file that is replaced as a whole, after a copy of what it was has been kept beside it. */
public final class ConfigurationFile {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final Path file;
  private final String text;
  private final boolean exists;

  private ConfigurationFile(Path file, String text, boolean exists) {
    this.file = file;
    this.text = text;
    this.exists = exists;
  }

  /**
   * Reads a file, which need not exist; symbolic links are followed, so that they stay.
   *
   * @throws InstallException if it is not UTF-8
   * @throws IOException if it cannot be read
   */
  public static ConfigurationFile read(Path path) throws IOException, InstallException {
    Path file = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath().normalize();
    try {
      boolean exists = Files.exists(file);
      return new ConfigurationFile(file, exists ? Files.readString(file) : "", exists);
    } catch (CharacterCodingException e) {
      throw new InstallException(file + " is not UTF-8; mend it first", e);
    }
  }

  /** Where it is. */
  public Path path() {
    return file;
  }

  /** What it held when it was read; empty if it did not exist. */
  public String text() {
    return text;
  }

  /**
   * Replaces the content; nobody sees half of it.
   *
   * @return the copy of what was there, if something was
   * @throws InstallException if the file has changed since it was read
   */
  public Optional<Path> replace(String changed, Instant now) throws IOException, InstallException {
    Files.createDirectories(file.getParent());
    Optional<Path> copy = Optional.empty();
    if (exists) {
      Path kept = free(file.getFileName() + ".before-qwen-mcp-" + STAMP.format(now));
      Files.copy(file, kept, StandardCopyOption.COPY_ATTRIBUTES);
      copy = Optional.of(kept);
    }
    Path next = Files.createTempFile(file.getParent(), ".qwen-mcp", ".new");
    try {
      try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(changed);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      keepPermissions(next);
      if (exists != Files.exists(file) || exists && !Files.readString(file).equals(text)) {
        throw new InstallException(file + " has changed meanwhile; nothing was written, try again");
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(next);
    }
    return copy;
  }

  /** A name that no earlier copy has. */
  private Path free(String name) {
    Path path = file.resolveSibling(name);
    for (int i = 2; Files.exists(path); i++) {
      path = file.resolveSibling(name + "-" + i);
    }
    return path;
  }

  /** New files are their user's alone; others keep who may read them. */
  private void keepPermissions(Path next) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(next, PosixFileAttributeView.class);
    if (exists && view != null) {
      view.setPermissions(Files.getPosixFilePermissions(file));
    }
  }
}
