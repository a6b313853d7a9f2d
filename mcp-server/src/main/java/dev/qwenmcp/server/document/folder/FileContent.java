package dev.qwenmcp.server.document.folder;

import dev.qwenmcp.server.document.DocumentException;
import dev.qwenmcp.server.document.DocumentException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A file as it was read.
 *
 * @param bytes all of it
 * @param state what the file system said of it then
 */
record FileContent(byte[] bytes, State state) {
  private static final int MOST_BYTES = 64 << 20;

  /** A file system may give two changes the same time; after as long it does not. */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  /**
   * What changes with a file.
   *
   * @param size in bytes
   * @param modified when it was changed
   */
  record State(long size, Instant modified) {
    /** By which an unchanged file is known; none while a change could keep it. */
    Optional<String> stamp(Instant now) {
      return modified.plus(SETTLED).isBefore(now)
          ? Optional.of(size + "@" + modified)
          : Optional.empty();
    }
  }

  /**
   * The state of a file.
   *
   * @throws DocumentException if it is gone or no regular file
   */
  static State state(Path file) throws DocumentException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isRegularFile()) {
        throw new DocumentException(Kind.UNSUPPORTED, "is no regular file");
      }
      return new State(attributes.size(), attributes.lastModifiedTime().toInstant());
    } catch (NoSuchFileException e) {
      throw new DocumentException(Kind.FAILED, "is gone", e);
    } catch (IOException e) {
      throw new DocumentException(Kind.FAILED, "cannot be read: " + AllowedRoots.reason(e), e);
    }
  }

  /**
   * Reads a file; once more if it changes meanwhile.
   *
   * @param file without symbolic links, and none is followed that has come since
   * @throws DocumentException if it is too large or cannot be read
   */
  static FileContent read(Path file) throws DocumentException {
    FileContent content = once(file);
    return content.state.equals(state(file)) ? content : once(file);
  }

  private static FileContent once(Path file) throws DocumentException {
    State state = state(file);
    if (state.size > MOST_BYTES) {
      throw tooLarge();
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw tooLarge();
      }
      return new FileContent(bytes, state);
    } catch (IOException e) {
      throw new DocumentException(Kind.FAILED, "cannot be read: " + AllowedRoots.reason(e), e);
    }
  }

  private static DocumentException tooLarge() {
    return new DocumentException(
        Kind.TOO_LARGE, "is larger than %d MiB; split it".formatted(MOST_BYTES >> 20));
  }

  /** SHA-256 in hexadecimal. */
  String sha256() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
