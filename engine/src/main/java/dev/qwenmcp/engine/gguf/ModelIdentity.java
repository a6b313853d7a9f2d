package dev.qwenmcp.engine.gguf;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * Tells whether two GGUF files are the same model, without reading gigabytes.
 *
 * <p>SHA-256 over each part's header (all metadata and tensor infos) and size, then over the whole
 * data section where that is small, else over the file's last-modified time and three blocks of
 * every tensor. A file that is copied without its time counts as another model then, never the
 * other way round.
 *
 * <p>Of small data in the caller's memory, such as the embedded model, CRC32C and CRC-32 are taken
 * instead, which mistake one in 2^64 for another: that model is loaded as the program starts, when
 * nothing is compiled yet, and SHA-256 of its bytes took 0.1 s then.
 */
public final class ModelIdentity {
  /** Read in a tenth of a second. */
  private static final long SMALL = 64L << 20;

  private static final long BLOCK = 4096;

  private final MessageDigest digest;

  private ModelIdentity() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /**
   * The identity as 64 hexadecimal digits; computed once for each open file.
   *
   * @throws IOException if the system does not tell when a part was modified
   */
  public static String of(GgufFile file) throws IOException {
    return file.identity();
  }

  static String compute(GgufFile file) throws IOException {
    ModelIdentity identity = new ModelIdentity();
    for (GgufPart part : file.partList()) {
      identity.add(part, file.onDisk());
    }
    return HexFormat.of().formatHex(identity.digest.digest());
  }

  private void add(GgufPart part, boolean onDisk) throws IOException {
    number(part.header().byteSize());
    number(part.data().byteSize());
    bytes(part.header());
    if (part.data().byteSize() <= SMALL) {
      if (onDisk) {
        bytes(part.data());
      } else {
        number(checksum(new CRC32C(), part.data()));
        number(checksum(new CRC32(), part.data()));
      }
      return;
    }
    number(onDisk ? Files.getLastModifiedTime(Path.of(part.name())).toMillis() : 0);
    for (TensorInfo tensor : part.tensors()) {
      sample(part.data().asSlice(tensor.offset(), tensor.byteSize()));
    }
  }

  private static long checksum(Checksum checksum, MemorySegment data) {
    checksum.update(data.asByteBuffer());
    return checksum.getValue();
  }

  /** The first, the middle and the last block. */
  private void sample(MemorySegment tensor) {
    long size = Math.min(BLOCK, tensor.byteSize());
    bytes(tensor.asSlice(0, size));
    bytes(tensor.asSlice((tensor.byteSize() - size) / 2, size));
    bytes(tensor.asSlice(tensor.byteSize() - size, size));
  }

  private void bytes(MemorySegment segment) {
    for (long at = 0; at < segment.byteSize(); at += SMALL) {
      digest.update(segment.asSlice(at, Math.min(SMALL, segment.byteSize() - at)).asByteBuffer());
    }
  }

  private void number(long value) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(value).flip());
  }
}
