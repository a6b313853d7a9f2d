package dev.qwenmcp.server.protocol.modern;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** The secret with which what travels through clients is sealed. */
public final class StateKey {
  static final String ALGORITHM = "HmacSHA256";

  private static final int BYTES = 32;
  private static final String FILE = "state.key";

  private final byte[] bytes;

  private StateKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A key that ends with the server. */
  public static StateKey random(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new StateKey(bytes);
  }

  /**
   * The key of a folder, which its servers share and which outlives them; made if there is none.
   *
   * @param folder that exists
   * @throws IOException if it cannot be read or written, or is none
   */
  public static StateKey in(Path folder, SecureRandom random) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      make(file, random(random).bytes);
    }
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length != BYTES) {
      throw new IOException(
          "%s has %d bytes, expected %d; remove it, and a new one is made"
              .formatted(file, bytes.length, BYTES));
    }
    return new StateKey(bytes);
  }

  /** Writes the file whole or not at all; if another process was first, its key stands. */
  private static void make(Path file, byte[] bytes) throws IOException {
    Path draft = Files.createTempFile(file.getParent(), FILE, ".new", privately(file));
    try {
      try (FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        out.write(java.nio.ByteBuffer.wrap(bytes));
        out.force(true);
      }
      try {
        Files.createLink(file, draft);
      } catch (FileAlreadyExistsException e) {
        // Another server was first.
      } catch (UnsupportedOperationException e) {
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      }
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static FileAttribute<?>[] privately(Path file) {
    Set<String> views = file.getFileSystem().supportedFileAttributeViews();
    return views.contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  SecretKey secret() {
    return new SecretKeySpec(bytes, ALGORITHM);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StateKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "StateKey";
  }
}
