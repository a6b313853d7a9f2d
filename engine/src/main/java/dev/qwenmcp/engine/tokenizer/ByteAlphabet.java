package dev.qwenmcp.engine.tokenizer;

/**
 * The 256 printable characters in which byte-level BPE vocabularies are written down.
 *
 * <p>A byte that is a printable character of Latin-1 stands for itself; the 68 others (controls,
 * space, 0x7F-0xA0, soft hyphen) become U+0100, U+0101, … in order, so that a space reads "Ġ". The
 * scheme is GPT-2's.
 */
final class ByteAlphabet {
  /** One more than the last character: 256 + 68 remapped bytes. */
  private static final int LIMIT = 324;

  private static final short[] BYTE_OF = new short[LIMIT];

  static {
    java.util.Arrays.fill(BYTE_OF, (short) -1);
    int next = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      BYTE_OF[printable ? b : next++] = (short) b;
    }
  }

  private ByteAlphabet() {}

  /**
   * Writes the bytes that {@code text[from .. to)} spells to {@code target} from {@code at} on.
   *
   * @return the end of the bytes, -1 if the text has a character that stands for no byte
   */
  static int read(String text, int from, int to, byte[] target, int at) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      int b = c < LIMIT ? BYTE_OF[c] : -1;
      if (b < 0) {
        return -1;
      }
      target[at++] = (byte) b;
    }
    return at;
  }
}
