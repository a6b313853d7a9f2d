package dev.qwenmcp.engine.kv;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 that names a page by everything its content depends on: {@code SHA-256(parent key || 64
 * token ids, little-endian)}, the parent of the first page being the root key of {@link KvOrigin}.
 *
 * <p>Keys find pages; whoever finds one compares the token ids as well.
 *
 * @param a bytes 0 to 7, big-endian
 * @param b bytes 8 to 15
 * @param c bytes 16 to 23
 * @param d bytes 24 to 31
 */
public record PageKey(long a, long b, long c, long d) {
  /** Bytes of a key. */
  public static final int BYTES = 32;

  /** The next 32 bytes of a buffer. */
  public static PageKey read(ByteBuffer bytes) {
    ByteBuffer big = bytes.slice(bytes.position(), BYTES).order(ByteOrder.BIG_ENDIAN);
    bytes.position(bytes.position() + BYTES);
    return new PageKey(big.getLong(), big.getLong(), big.getLong(), big.getLong());
  }

  /** SHA-256 of some bytes. */
  public static PageKey digest(byte[] bytes) {
    return read(ByteBuffer.wrap(sha256().digest(bytes)));
  }

  /** The key of the page that follows this one. */
  public PageKey child(int[] tokens) {
    ByteBuffer bytes =
        ByteBuffer.allocate(BYTES + Integer.BYTES * tokens.length).order(ByteOrder.LITTLE_ENDIAN);
    write(bytes);
    for (int token : tokens) {
      bytes.putInt(token);
    }
    return digest(bytes.array());
  }

  /** Puts the 32 bytes into a buffer. */
  public void write(ByteBuffer bytes) {
    ByteBuffer big = bytes.slice(bytes.position(), BYTES).order(ByteOrder.BIG_ENDIAN);
    big.putLong(a).putLong(b).putLong(c).putLong(d);
    bytes.position(bytes.position() + BYTES);
  }

  /** 64 hexadecimal digits. */
  @Override
  public String toString() {
    return String.format("%016x%016x%016x%016x", a, b, c, d);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
