package dev.qwenmcp.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Streaming detokeniser: never emits half a UTF-8 sequence; one per generation, one thread.
 *
 * <p>What it emits, joined, equals {@link BpeTokenizer#decode} of the same ids.
 */
public final class TokenStream {
  private final BpeTokenizer tokenizer;
  private byte[] pending = new byte[0]; // a character's bytes so far, at most 3

  public TokenStream(BpeTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** Text that became complete with this id, possibly empty. */
  public String push(int id) {
    if (tokenizer.isControl(id)) {
      return "";
    }
    byte[] more = tokenizer.bytes(id);
    byte[] bytes = more;
    if (pending.length > 0) {
      bytes = Arrays.copyOf(pending, pending.length + more.length);
      System.arraycopy(more, 0, bytes, pending.length, more.length);
    }
    int complete = bytes.length - unfinished(bytes);
    pending = Arrays.copyOfRange(bytes, complete, bytes.length);
    return new String(bytes, 0, complete, StandardCharsets.UTF_8);
  }

  /** What is left at the end; an incomplete sequence becomes U+FFFD. */
  public String finish() {
    String rest = new String(pending, StandardCharsets.UTF_8);
    pending = new byte[0];
    return rest;
  }

  /** Length of the sequence at the end that further bytes can still make a character, 0 to 3. */
  private static int unfinished(byte[] bytes) {
    for (int length = 1; length <= Math.min(3, bytes.length); length++) {
      int lead = bytes[bytes.length - length] & 0xFF;
      if (lead < 0x80) {
        return 0;
      }
      if (lead >= 0xC0) {
        int needed = lead >= 0xC2 && lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        boolean open = lead >= 0xC2 && length < needed;
        return open && (length == 1 || second(lead, bytes[bytes.length - length + 1] & 0xFF))
            ? length
            : 0;
      }
    }
    return 0;
  }

  /**
   * Whether the second byte may follow this lead: rules out overlong forms and code points beyond
   * U+10FFFF. The JDK's decoder looks for surrogates (lead 0xED) at the third byte only.
   */
  private static boolean second(int lead, int b) {
    return switch (lead) {
      case 0xE0 -> b >= 0xA0;
      case 0xF0 -> b >= 0x90;
      case 0xF4 -> b < 0x90;
      default -> true;
    };
  }
}
