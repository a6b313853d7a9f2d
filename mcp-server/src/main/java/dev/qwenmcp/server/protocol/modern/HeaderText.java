package dev.qwenmcp.server.protocol.modern;

import dev.qwenmcp.server.transport.RpcException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Texts in HTTP headers: as they are, or in Base64 where a header cannot hold them. */
final class HeaderText {
  private static final String PREFIX = "=?base64?";
  private static final String SUFFIX = "?=";

  private HeaderText() {}

  static RpcException mismatch(String message) {
    return new RpcException(ModernError.HEADER_MISMATCH, "header mismatch: " + message);
  }

  /**
   * The text that a header's value stands for.
   *
   * @param name of the header, for messages
   * @throws RpcException if it holds what a header must not, or wrong Base64
   */
  static String decode(String name, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c != '\t' && (c < ' ' || c > '~')) {
        throw mismatch("the header %s holds a character that is not visible ASCII".formatted(name));
      }
    }
    boolean encoded =
        value.length() >= PREFIX.length() + SUFFIX.length()
            && value.startsWith(PREFIX)
            && value.endsWith(SUFFIX);
    return encoded ? decoded(name, value) : value;
  }

  private static String decoded(String name, String value) {
    String text = value.substring(PREFIX.length(), value.length() - SUFFIX.length());
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      // The decoder forgives missing padding and stray bits, which no encoder writes.
      if (Arrays.equals(
          Base64.getEncoder().encode(bytes), text.getBytes(StandardCharsets.US_ASCII))) {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      }
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw mismatch("the header %s holds no Base64 of UTF-8".formatted(name));
    }
    throw mismatch("the header %s holds no Base64 of UTF-8".formatted(name));
  }
}
