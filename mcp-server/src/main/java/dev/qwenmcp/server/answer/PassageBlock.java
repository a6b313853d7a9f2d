package dev.qwenmcp.server.answer;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Passages as a prompt shows them: between marks that no passage can write, because they carry a
 * digest of all passages under a secret of this server.
 *
 * <p>The same passages have the same marks, so that the next question about them finds the
 * beginning of its prompt in the cache. Control tokens of a model's chat format need no care here:
 * the engine encodes a message's text as text whatever it contains.
 *
 * @param mark hexadecimal digits that the marks carry
 * @param text all passages, marked
 */
public record PassageBlock(String mark, String text) {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int MARK_BYTES = 8;

  /** A passage in a prompt. */
  public record Numbered(String title, String text) {}

  /**
   * Marks passages.
   *
   * @param secret of this server, at least 16 random bytes
   * @param passages numbered from 1 in their order
   */
  public static PassageBlock of(byte[] secret, List<Numbered> passages) {
    String mark = mark(secret, passages);
    List<String> parts = new ArrayList<>();
    for (Numbered passage : passages) {
      parts.add(
          "<passage-%s number=\"%d\" title=\"%s\">\n%s\n</passage-%1$s>"
              .formatted(mark, parts.size() + 1, attribute(passage.title()), passage.text()));
    }
    return new PassageBlock(mark, String.join("\n", parts));
  }

  private static String mark(byte[] secret, List<Numbered> passages) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      for (Numbered passage : passages) {
        for (String part : List.of(passage.title(), passage.text())) {
          mac.update(part.getBytes(StandardCharsets.UTF_8));
          mac.update((byte) 0);
        }
      }
      return HexFormat.of().formatHex(mac.doFinal(), 0, MARK_BYTES);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  private static String attribute(String text) {
    return text.replace('"', '\'').replaceAll("\\R", " ").replace('<', '‹').replace('>', '›');
  }
}
